//! Evaluates a checked expression for a batch, or for chosen rows of it.
//!
//! A selection is a list of positions of the batch. AND, OR, CASE and coalesce narrow it, so that a branch that could
//! fail (`1 / x`) only ever sees the rows that take it. Failures leave with the batch position.

use super::tree::{Call, Kind, Node, nulls, vector_of};
use super::{Batch, Failure};
use crate::value::parse::Scalar;
use crate::value::{Data, Layout, Rows, Vector};
use std::rc::Rc;
use std::sync::Arc;

/// A value for each row, or one for all.
#[derive(Clone)]
pub(super) struct Argument {
    pub vector: Rc<Vector>,
    /// The vector has one value, which is that of all rows.
    pub constant: bool,
}

impl Argument {
    pub fn per_row(vector: Vector) -> Self {
        Self { vector: Rc::new(vector), constant: false }
    }

    /// Where the value of a row stands in the vector.
    #[inline(always)]
    pub fn index(&self, at: usize) -> usize {
        if self.constant { 0 } else { at }
    }

    #[inline]
    pub fn is_valid(&self, at: usize) -> bool {
        self.vector.is_valid(self.index(at))
    }

    /// One value per row.
    fn spread(self, len: usize) -> Vector {
        if !self.constant {
            return Rc::try_unwrap(self.vector).unwrap_or_else(|shared| (*shared).clone());
        }
        match &self.vector.data {
            // A dictionary of one text repeats it without copying.
            Data::Text(values) if self.vector.is_valid(0) => {
                Data::Dict { codes: vec![0; len], values: Arc::new(values.clone()) }.into()
            }
            _ => self.vector.take(&vec![0; len]),
        }
    }
}

/// What a kernel gets.
pub(super) struct Arguments<'a> {
    pub values: &'a [Argument],
    /// How many rows to compute.
    pub len: usize,
    /// Of a strict call: `false` where an argument is null, so that nothing need be computed; `None`: none is.
    pub valid: Option<Vec<bool>>,
    rows: &'a Rows,
    chosen: Option<&'a [u32]>,
}

impl<'a> Arguments<'a> {
    /// Other values for the same rows.
    pub fn of<'b>(&self, values: &'b [Argument]) -> Arguments<'b>
    where
        'a: 'b,
    {
        Arguments { values, len: self.len, valid: self.valid.clone(), rows: self.rows, chosen: self.chosen }
    }

    /// Whether all arguments of a strict call are there.
    #[inline]
    pub fn is_valid(&self, at: usize) -> bool {
        self.valid.as_ref().is_none_or(|valid| valid[at])
    }

    /// The table's row numbers.
    pub fn row(&self, at: usize) -> u64 {
        self.rows.get(self.chosen.map_or(at, |chosen| chosen[at] as usize))
    }
}

/// One value per row of the batch.
pub(super) fn whole(node: &Node, batch: &dyn Batch) -> Result<Vector, Failure> {
    chosen(node, batch, None)
}

/// One value per chosen position of the batch, in order; of all when `chosen` is `None`.
pub(super) fn chosen(node: &Node, batch: &dyn Batch, chosen: Option<&[u32]>) -> Result<Vector, Failure> {
    let len = chosen.map_or(batch.rows().len(), <[u32]>::len);
    Ok(evaluate(node, batch, chosen)?.spread(len))
}

/// As [`chosen`]; wide decimals may be integers where all of them fit.
pub(super) fn chosen_narrow(
    node: &Node,
    batch: &dyn Batch,
    chosen: Option<&[u32]>,
) -> Result<Vector, Failure> {
    let len = chosen.map_or(batch.rows().len(), <[u32]>::len);
    Ok(evaluate_narrow(node, batch, chosen)?.spread(len))
}

/// The one value of an expression that reads no input.
pub(super) fn once(node: &Node) -> Result<Vector, Failure> {
    whole(node, &Column { rows: Rows::Range { start: 0, len: 1 }, values: None })
}

/// The values of an expression whose only input are these values.
pub(super) fn over(node: &Node, values: &Vector) -> Result<Vector, Failure> {
    let rows = Rows::Range { start: 0, len: values.len() };
    whole(node, &Column { rows, values: Some(Rc::new(values.clone())) })
}

/// A batch of one column, or of none.
struct Column {
    rows: Rows,
    values: Option<Rc<Vector>>,
}

impl Batch for Column {
    fn rows(&self) -> &Rows {
        &self.rows
    }

    fn input(&self, _index: usize) -> Result<Rc<Vector>, Failure> {
        Ok(self.values.clone().expect("constants read no input"))
    }
}

/// The values for the chosen positions of the batch, or for all, in the layout of the node's type.
pub(super) fn evaluate(node: &Node, batch: &dyn Batch, chosen: Option<&[u32]>) -> Result<Argument, Failure> {
    let value = evaluate_narrow(node, batch, chosen)?;
    Ok(if value.is_narrow() && node.sql_type.layout() == Layout::Wide { value.widened() } else { value })
}

/// As [`evaluate`]; wide decimals may be integers where all of them fit, which costs a fraction.
pub(super) fn evaluate_narrow(
    node: &Node,
    batch: &dyn Batch,
    chosen: Option<&[u32]>,
) -> Result<Argument, Failure> {
    let len = chosen.map_or(batch.rows().len(), <[u32]>::len);
    if len == 0 {
        return Ok(Argument::per_row(nulls(&node.sql_type, 0)));
    }
    match &node.kind {
        Kind::Input(index) => {
            let vector = batch.input(*index)?;
            if let Some(value) = repeated(&vector) {
                return Ok(one(Data::Int(vec![value]).into()));
            }
            Ok(match chosen {
                None => Argument { vector, constant: false },
                Some(chosen) => Argument::per_row(vector.take(chosen)),
            })
        }
        Kind::Constant(Some(Scalar::Wide(value))) if i64::try_from(*value).is_ok() => {
            Ok(one(Data::Int(vec![*value as i64]).into()))
        }
        Kind::Constant(value) => Ok(one(vector_of(value, &node.sql_type))),
        Kind::Literal(_) => Ok(one(vector_of(&node.constant().flatten(), &node.sql_type))),
        Kind::And(nodes) => connective(nodes, batch, chosen, len, false),
        Kind::Or(nodes) => connective(nodes, batch, chosen, len, true),
        Kind::Case { arms, otherwise } => case(arms, otherwise, batch, chosen, len),
        Kind::Coalesce(nodes) => coalesce(nodes, batch, chosen, len),
        Kind::Call(call) => self::call(call, batch, chosen, len),
    }
}

/// The integer that all rows have, as in a column that is a constant of the scale: what is computed with it is computed once, and
/// dividing by it is a multiplication. Columns that vary differ within the first rows as a rule.
fn repeated(vector: &Vector) -> Option<i64> {
    let (Data::Int(values), None) = (&vector.data, &vector.valid) else { return None };
    let (first, rest) = values.split_first()?;
    let differs = rest.chunks(8).any(|values| values.iter().fold(false, |any, value| any | (value != first)));
    (!differs).then_some(*first)
}

fn one(vector: Vector) -> Argument {
    Argument { vector: Rc::new(vector), constant: true }
}

fn call(call: &Call, batch: &dyn Batch, chosen: Option<&[u32]>, len: usize) -> Result<Argument, Failure> {
    let evaluate = if call.narrows { evaluate_narrow } else { evaluate };
    let values: Vec<Argument> =
        call.arguments.iter().map(|argument| evaluate(argument, batch, chosen)).collect::<Result<_, _>>()?;
    let constant = !call.draws && values.iter().all(|value| value.constant);
    let len = if constant { 1 } else { len };
    let valid = if call.strict { all_valid(&values, len) } else { None };
    let arguments = Arguments { values: &values, len, valid, rows: batch.rows(), chosen };
    let vector = (call.kernel)(&arguments).map_err(|failure| located(failure, chosen))?;
    debug_assert_eq!(vector.len(), len);
    let vector = match arguments.valid {
        Some(valid) => vector.masked(&valid),
        None => vector,
    };
    Ok(Argument { vector: Rc::new(vector), constant })
}

/// A failure's position in the selection becomes its position in the batch.
fn located(failure: Failure, chosen: Option<&[u32]>) -> Failure {
    let at = failure.at.map(|at| chosen.map_or(at, |chosen| chosen[at] as usize));
    Failure { at, ..failure }
}

/// Where none of the values is null.
fn all_valid(values: &[Argument], len: usize) -> Option<Vec<bool>> {
    let mut all: Option<Vec<bool>> = None;
    for value in values {
        let Some(valid) = &value.vector.valid else { continue };
        if value.constant {
            return Some(vec![false; len]);
        }
        match &mut all {
            None => all = Some(valid.clone()),
            Some(all) => all.iter_mut().zip(valid).for_each(|(all, valid)| *all &= valid),
        }
    }
    all
}

/// AND (`decisive` false) and OR (`decisive` true): a row is decided by the first operand that has the decisive value;
/// else it is null if an operand was, else the other value.
fn connective(
    nodes: &[Node],
    batch: &dyn Batch,
    chosen: Option<&[u32]>,
    len: usize,
    decisive: bool,
) -> Result<Argument, Failure> {
    let mut decided = vec![false; len];
    let mut unknown = vec![false; len];
    for (number, node) in nodes.iter().enumerate() {
        let open: Option<Vec<u32>> = (number > 0 && node.fallible() && decided.contains(&true))
            .then(|| (0..len as u32).filter(|at| !decided[*at as usize]).collect());
        match open {
            None => {
                let value = evaluate(node, batch, chosen)?;
                let bools = value.vector.bools();
                for at in 0..len {
                    decided[at] |= value.is_valid(at) & (bools[value.index(at)] == decisive);
                    unknown[at] |= !value.is_valid(at);
                }
            }
            Some(open) => {
                let value = evaluate_at(node, batch, chosen, &open, len)?;
                let bools = value.vector.bools();
                for (at, place) in open.iter().enumerate() {
                    decided[*place as usize] |= value.is_valid(at) & (bools[value.index(at)] == decisive);
                    unknown[*place as usize] |= !value.is_valid(at);
                }
            }
        }
    }
    let valid = decided.iter().zip(&unknown).map(|(decided, unknown)| *decided || !*unknown).collect();
    let values = decided.into_iter().map(|decided| decided == decisive).collect();
    Ok(Argument::per_row(Vector::new(Data::Bool(values), Some(valid))))
}

/// The values for places within a selection; for all of them the selection itself serves.
fn evaluate_at(
    node: &Node,
    batch: &dyn Batch,
    chosen: Option<&[u32]>,
    places: &[u32],
    len: usize,
) -> Result<Argument, Failure> {
    if places.len() == len {
        return evaluate(node, batch, chosen);
    }
    evaluate(node, batch, Some(&positions(chosen, places)))
}

/// Places within a selection as positions of the batch.
fn positions(chosen: Option<&[u32]>, places: &[u32]) -> Vec<u32> {
    match chosen {
        None => places.to_vec(),
        Some(chosen) => places.iter().map(|place| chosen[*place as usize]).collect(),
    }
}

fn case(
    arms: &[(Node, Node)],
    otherwise: &Node,
    batch: &dyn Batch,
    chosen: Option<&[u32]>,
    len: usize,
) -> Result<Argument, Failure> {
    match arms.iter().all(|(when, then)| is_light(when) && is_light(then)) && is_light(otherwise) {
        true => light_case(arms, otherwise, batch, chosen, len),
        false => heavy_case(arms, otherwise, batch, chosen, len),
    }
}

/// A CASE of parts each of which sees only the rows that need it.
pub(super) fn heavy_case(
    arms: &[(Node, Node)],
    otherwise: &Node,
    batch: &dyn Batch,
    chosen: Option<&[u32]>,
    len: usize,
) -> Result<Argument, Failure> {
    let mut pieces = Pieces::new(len);
    let mut open: Vec<u32> = (0..len as u32).collect();
    for (when, then) in arms {
        if open.is_empty() {
            break;
        }
        let condition = evaluate_at(when, batch, chosen, &open, len)?;
        let bools = condition.vector.bools();
        let is_true = |at: usize| condition.is_valid(at) && bools[condition.index(at)];
        let (mut taken, mut rest) = (Vec::new(), Vec::new());
        for (at, place) in open.iter().enumerate() {
            if is_true(at) { taken.push(*place) } else { rest.push(*place) }
        }
        if !taken.is_empty() {
            pieces.add(evaluate_at(then, batch, chosen, &taken, len)?, &taken);
        }
        open = rest;
    }
    if !open.is_empty() {
        pieces.add(evaluate_at(otherwise, batch, chosen, &open, len)?, &open);
    }
    Ok(pieces.joined())
}

/// Whether computing it also for rows that do not need it does no harm, and takes less than finding out which do.
fn is_light(node: &Node) -> bool {
    const LIGHT: u32 = 15;
    let copies = matches!(node.sql_type.layout(), Layout::Text | Layout::List) && node.constant().is_none();
    !copies && node.cost() <= LIGHT && !node.fallible()
}

/// As [`heavy_case`], of light parts: those that any row needs are computed for all.
pub(super) fn light_case(
    arms: &[(Node, Node)],
    otherwise: &Node,
    batch: &dyn Batch,
    chosen: Option<&[u32]>,
    len: usize,
) -> Result<Argument, Failure> {
    // For each row the number of its arm; of the last, so far.
    let last = arms.len() as u32;
    let mut arm_of_row = vec![last; len];
    let mut left = len;
    let mut parts = Vec::with_capacity(arms.len() + 1);
    for (number, (when, then)) in (0..).zip(arms) {
        if left == 0 {
            break;
        }
        let condition = evaluate(when, batch, chosen)?;
        let bools = condition.vector.bools();
        let taken = match (condition.constant, &condition.vector.valid) {
            (true, _) if condition.is_valid(0) && bools[0] => {
                take_left(&mut arm_of_row, last, number, std::iter::repeat(true))
            }
            (true, _) => 0,
            (false, None) => take_left(&mut arm_of_row, last, number, bools.iter().copied()),
            (false, Some(valid)) => {
                let holds = bools.iter().zip(valid).map(|(is_true, valid)| is_true & valid);
                take_left(&mut arm_of_row, last, number, holds)
            }
        };
        parts.push(if taken > 0 { Some(evaluate(then, batch, chosen)?) } else { None });
        left -= taken;
    }
    parts.resize(arms.len(), None);
    parts.push(if left > 0 { Some(evaluate(otherwise, batch, chosen)?) } else { None });
    Ok(Pieces::of_whole(parts, &arm_of_row).joined())
}

/// Gives an arm the rows where its condition holds, of those that are left to the last; says how many.
fn take_left(arm_of_row: &mut [u32], last: u32, number: u32, holds: impl Iterator<Item = bool>) -> usize {
    let mut taken = 0u32;
    for (arm, holds) in arm_of_row.iter_mut().zip(holds) {
        let takes = holds & (*arm == last);
        *arm = if takes { number } else { *arm };
        taken += u32::from(takes);
    }
    taken as usize
}

fn coalesce(
    nodes: &[Node],
    batch: &dyn Batch,
    chosen: Option<&[u32]>,
    len: usize,
) -> Result<Argument, Failure> {
    let first = evaluate(&nodes[0], batch, chosen)?;
    if first.vector.valid.is_none() {
        return Ok(first);
    }
    let mut pieces = Pieces::new(len);
    let mut open: Vec<u32> = (0..len as u32).filter(|at| !first.is_valid(*at as usize)).collect();
    pieces.add(first, &(0..len as u32).collect::<Vec<_>>());
    for node in &nodes[1..] {
        if open.is_empty() {
            break;
        }
        let value = evaluate_at(node, batch, chosen, &open, len)?;
        let rest = open.iter().enumerate().filter(|(at, _)| !value.is_valid(*at)).map(|(_, place)| *place);
        let rest: Vec<u32> = rest.collect();
        pieces.add(value, &open);
        open = rest;
    }
    Ok(pieces.joined())
}

/// A column put together from values for parts of the rows; a later piece covers an earlier one.
struct Pieces {
    parts: Vec<Argument>,
    /// For each row the place of its value in the parts put end to end.
    source: Vec<u32>,
    total: u32,
}

impl Pieces {
    fn new(len: usize) -> Self {
        Self { parts: Vec::new(), source: vec![0; len], total: 0 }
    }

    /// Of numbered parts that have a value for each row, or one for all, that with this number for each row.
    fn of_whole(numbered: Vec<Option<Argument>>, numbers: &[u32]) -> Self {
        let mut pieces = Self::new(0);
        let mut steps = Vec::with_capacity(numbered.len());
        for part in numbered {
            let step = part.as_ref().map_or(0, |part| u32::from(!part.constant));
            steps.push((pieces.total, step));
            if let Some(part) = part {
                pieces.total += part.vector.len() as u32;
                pieces.parts.push(part);
            }
        }
        let place = |(at, number): (u32, &u32)| {
            let (start, step) = steps[*number as usize];
            start + at * step
        };
        pieces.source = (0..).zip(numbers).map(place).collect();
        pieces
    }

    fn add(&mut self, part: Argument, places: &[u32]) {
        for (at, place) in places.iter().enumerate() {
            self.source[*place as usize] = self.total + part.index(at) as u32;
        }
        self.total += part.vector.len() as u32;
        self.parts.push(part);
    }

    fn joined(self) -> Argument {
        // One part for all rows is what it is: its places are all rows in order.
        if let [part] = &self.parts[..]
            && (part.constant || part.vector.len() == self.source.len())
        {
            return part.clone();
        }
        let vectors: Vec<&Vector> = self.parts.iter().map(|part| &*part.vector).collect();
        if let Some(dictionary) = self.shared_dictionary(&vectors) {
            return Argument::per_row(dictionary);
        }
        Argument::per_row(Vector::concat(&vectors).take(&self.source))
    }

    /// Constants of text, and nothing else, become a dictionary instead of copies.
    fn shared_dictionary(&self, vectors: &[&Vector]) -> Option<Vector> {
        let all_constant_text =
            self.parts.iter().all(|part| part.constant && matches!(part.vector.data, Data::Text(_)));
        all_constant_text.then(|| {
            let joined = Vector::concat(vectors);
            let valid = joined
                .valid
                .as_ref()
                .map(|valid| self.source.iter().map(|place| valid[*place as usize]).collect());
            let Data::Text(values) = joined.data else { unreachable!("text joins to text") };
            Vector::new(Data::Dict { codes: self.source.clone(), values: Arc::new(values) }, valid)
        })
    }
}
