//! The loops: flat ones over slices, chosen once per call by the layout of the arguments.

pub(super) mod arithmetic;
pub(super) mod compare;
pub(super) mod convert;
pub(super) mod small;
pub(super) mod temporal;
pub(super) mod wide;

use super::Failure;
use super::evaluate::{Argument, Arguments};
use crate::value::{Data, Texts, Vector};
use std::borrow::Cow;
use std::rc::Rc;

/// What goes wrong in one row, before its position is known.
pub(super) type Fault = Cow<'static, str>;

/// The values of an argument by row, whether there is one per row or one for all.
#[derive(Clone, Copy)]
pub(super) enum Lane<'a, T> {
    Each(&'a [T]),
    All(T),
}

impl<T: Copy> Lane<'_, T> {
    #[inline(always)]
    pub fn get(&self, at: usize) -> T {
        match self {
            Lane::Each(values) => values[at],
            Lane::All(value) => *value,
        }
    }
}

impl Argument {
    fn lane<'a, T: Copy>(&self, values: &'a [T]) -> Lane<'a, T> {
        if self.constant { Lane::All(values[0]) } else { Lane::Each(values) }
    }

    pub fn ints(&self) -> Lane<'_, i64> {
        self.lane(self.vector.ints())
    }

    pub fn floats(&self) -> Lane<'_, f64> {
        self.lane(self.vector.floats())
    }

    pub fn bools(&self) -> Lane<'_, bool> {
        self.lane(self.vector.bools())
    }

    pub fn wides(&self) -> Lane<'_, i128> {
        match &self.vector.data {
            Data::Wide(values) => self.lane(values),
            _ => unreachable!("the compiler asks for wide decimals only of such"),
        }
    }

    /// Whether the values are integers, also those of a wide decimal that fit.
    pub fn is_narrow(&self) -> bool {
        matches!(self.vector.data, Data::Int(_))
    }

    /// A wide decimal in its own layout.
    pub fn widened(&self) -> Argument {
        match &self.vector.data {
            Data::Int(values) => {
                let data = Data::Wide(values.iter().map(|value| *value as i128).collect());
                let vector = Vector { data, valid: self.vector.valid.clone() };
                Argument { vector: Rc::new(vector), constant: self.constant }
            }
            _ => self.clone(),
        }
    }

    pub fn intervals(&self) -> Lane<'_, crate::value::Interval> {
        match &self.vector.data {
            Data::Interval(values) => self.lane(values),
            _ => unreachable!("the compiler asks for intervals only of such"),
        }
    }

    pub fn uuids(&self) -> Lane<'_, u128> {
        match &self.vector.data {
            Data::Uuid(values) => self.lane(values),
            _ => unreachable!("the compiler asks for uuids only of such"),
        }
    }

    /// The bytes of a row's text.
    #[inline]
    pub fn bytes(&self, at: usize) -> &[u8] {
        self.vector.text(self.index(at))
    }

    /// A row's text.
    #[inline]
    pub fn str(&self, at: usize) -> &str {
        std::str::from_utf8(self.bytes(at)).expect("text vectors hold UTF-8")
    }
}

/// One value per row from one argument.
#[inline]
pub(super) fn map1<A: Copy, R: Clone>(a: Lane<'_, A>, len: usize, mut f: impl FnMut(A) -> R) -> Vec<R> {
    match a {
        Lane::Each(a) => a.iter().map(|a| f(*a)).collect(),
        Lane::All(a) => vec![f(a); len],
    }
}

/// One value per row from two arguments.
#[inline]
pub(super) fn map2<A: Copy, B: Copy, R: Clone>(
    a: Lane<'_, A>,
    b: Lane<'_, B>,
    len: usize,
    mut f: impl FnMut(A, B) -> R,
) -> Vec<R> {
    match (a, b) {
        (Lane::Each(a), Lane::Each(b)) => a.iter().zip(b).map(|(a, b)| f(*a, *b)).collect(),
        (Lane::Each(a), Lane::All(b)) => a.iter().map(|a| f(*a, b)).collect(),
        (Lane::All(a), Lane::Each(b)) => b.iter().map(|b| f(a, *b)).collect(),
        (Lane::All(a), Lane::All(b)) => vec![f(a, b); len],
    }
}

impl Arguments<'_> {
    /// One value per row, computed only where no argument is null.
    pub fn each<R: Default>(&self, mut f: impl FnMut(usize) -> Result<R, Fault>) -> Result<Vec<R>, Failure> {
        let mut values = Vec::with_capacity(self.len);
        for at in 0..self.len {
            values.push(if self.is_valid(at) {
                f(at).map_err(|fault| Failure::at(at, fault))?
            } else {
                R::default()
            });
        }
        Ok(values)
    }

    /// One text per row, appended to the buffer, only where no argument is null.
    pub fn texts(
        &self,
        mut f: impl FnMut(usize, &mut Vec<u8>) -> Result<(), Fault>,
    ) -> Result<Vector, Failure> {
        let mut texts = Texts::with_capacity(self.len, self.len * 8);
        for at in 0..self.len {
            if self.is_valid(at) {
                f(at, texts.buffer()).map_err(|fault| Failure::at(at, fault))?;
            }
            texts.finish();
        }
        Ok(Data::Text(texts).into())
    }

    /// The first row, none of whose arguments is null, for which `bad` holds.
    pub fn first(&self, bad: impl Fn(usize) -> bool) -> Option<usize> {
        (0..self.len).find(|at| self.is_valid(*at) && bad(*at))
    }
}
