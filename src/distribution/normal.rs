//! The bell.

use super::{Distribution, Entry, number, required, required_positive};
use crate::spec::{Arguments, Refusal};
use std::f64::consts::SQRT_2;

pub(super) static ENTRY: Entry = Entry {
    name: "normal",
    summary: "the bell curve: most values near the mean, as many above as below",
    parameters: &[number("mean", None, "centre"), number("std_dev", None, "standard deviation, above 0")],
    build,
    example: "{normal: {mean: 41, std_dev: 14}}",
};

#[derive(Debug)]
struct Normal {
    mean: f64,
    std_dev: f64,
}

fn build(arguments: &Arguments) -> Result<Box<dyn Distribution>, Refusal> {
    let mean = required(arguments, "mean")?;
    Ok(Box::new(Normal { mean, std_dev: required_positive(arguments, "std_dev")? }))
}

impl Distribution for Normal {
    fn quantile(&self, u: f64) -> f64 {
        self.mean + self.std_dev * standard_quantile(u)
    }

    fn cdf(&self, x: f64) -> f64 {
        standard_cdf((x - self.mean) / self.std_dev)
    }

    fn survival(&self, x: f64) -> f64 {
        standard_cdf((self.mean - x) / self.std_dev)
    }

    fn upper_quantile(&self, q: f64) -> f64 {
        self.mean - self.std_dev * standard_quantile(q)
    }

    fn support(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }

    fn mean(&self) -> Option<f64> {
        Some(self.mean)
    }
}

/// The cumulative function of the normal distribution of mean 0 and standard deviation 1.
pub(crate) fn standard_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z / SQRT_2)
}

/// Its quantile: Wichura's algorithm AS 241, PPND16 (Applied Statistics 37, 1988), good to 1 part in 10^16.
pub(crate) fn standard_quantile(u: f64) -> f64 {
    let q = u - 0.5;
    if q.abs() <= 0.425 {
        return q * ratio(0.180625 - q * q, &CENTRE);
    }
    let tail = if q < 0.0 { u } else { 1.0 - u };
    let r = (-libm::log(tail)).sqrt();
    let z = if r <= 5.0 { ratio(r - 1.6, &SHOULDER) } else { ratio(r - 5.0, &TAIL) };
    if q < 0.0 { -z } else { z }
}

/// A rational function: numerator and denominator, highest powers first.
fn ratio(x: f64, [above, below]: &[[f64; 8]; 2]) -> f64 {
    let polynomial = |coefficients: &[f64; 8]| coefficients.iter().fold(0.0, |sum, c| sum * x + c);
    polynomial(above) / polynomial(below)
}

const CENTRE: [[f64; 8]; 2] = [
    [
        2.509_080_928_730_122_6e3,
        3.343_057_558_358_813e4,
        6.726_577_092_700_87e4,
        4.592_195_393_154_987e4,
        1.373_169_376_550_946e4,
        1.971_590_950_306_551_3e3,
        1.331_416_678_917_843_8e2,
        3.387_132_872_796_366_5,
    ],
    [
        5.226_495_278_852_854e3,
        2.872_908_573_572_194_3e4,
        3.930_789_580_009_271e4,
        2.121_379_430_158_659_7e4,
        5.394_196_021_424_751e3,
        6.871_870_074_920_579e2,
        4.231_333_070_160_091e1,
        1.0,
    ],
];

const SHOULDER: [[f64; 8]; 2] = [
    [
        7.745_450_142_783_414e-4,
        2.272_384_498_926_918_4e-2,
        2.417_807_251_774_506e-1,
        1.270_458_252_452_368_4,
        3.647_848_324_763_204_5,
        5.769_497_221_460_691,
        4.630_337_846_156_546,
        1.423_437_110_749_683_5,
    ],
    [
        1.050_750_071_644_416_9e-9,
        5.475_938_084_995_345e-4,
        1.519_866_656_361_645_7e-2,
        1.481_039_764_274_800_8e-1,
        6.897_673_349_851e-1,
        1.676_384_830_183_803_8,
        2.053_191_626_637_759,
        1.0,
    ],
];

const TAIL: [[f64; 8]; 2] = [
    [
        2.010_334_399_292_288_1e-7,
        2.711_555_568_743_487_6e-5,
        1.242_660_947_388_078_4e-3,
        2.653_218_952_657_612_4e-2,
        2.965_605_718_285_048_7e-1,
        1.784_826_539_917_291_3,
        5.463_784_911_164_114,
        6.657_904_643_501_103,
    ],
    [
        2.044_263_103_389_939_8e-15,
        1.421_511_758_316_446e-7,
        1.846_318_317_510_054_8e-5,
        7.868_691_311_456_133e-4,
        1.487_536_129_085_061_5e-2,
        1.369_298_809_227_358e-1,
        5.998_322_065_558_88e-1,
        1.0,
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_paper() {
        // Wichura's own test values.
        assert!((standard_quantile(0.25) - -0.674_489_750_196_081_7).abs() < 1e-15);
        assert!((standard_quantile(0.001) - -3.090_232_306_167_813_5).abs() < 1e-14);
        assert!((standard_quantile(1e-20) - -9.262_340_089_798_408).abs() < 1e-13);
    }
}
