//! fake
use crate::spec::*;
use crate::value::*;
pub trait TextSource: Send + Sync {
    fn fill(&self, rows: &Rows) -> Vector;
}
pub struct Provider {
    pub name: &'static str,
    pub parameters: &'static [Parameter],
}
pub struct Locale {
    pub name: &'static str,
}
pub static LOCALES: &[&Locale] = &[];
pub static PROVIDERS: &[&Provider] = &[];
pub fn find(_n: &str) -> Option<&'static Provider> {
    None
}
pub fn locale(_n: &str) -> Option<&'static Locale> {
    None
}
pub fn for_column_name(_t: &str, _c: &str) -> Option<(&'static Provider, String)> {
    None
}
pub struct Request<'a> {
    pub seed: u64,
    pub table: &'a str,
    pub column: &'a str,
    pub subject: &'a str,
    pub locale: &'static Locale,
    pub arguments: &'a Arguments,
    pub rows: u64,
    pub unique: bool,
    pub max_chars: Option<u32>,
}
impl Provider {
    pub fn build(&self, _r: &Request) -> Result<Box<dyn TextSource>, Refusal> {
        unimplemented!()
    }
}
