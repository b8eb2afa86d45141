//! One batch of one table: its rows, and every input of the table computed at most once.

use super::Worker;
use super::cache::{BLOCK_ROWS, BlockKey};
use super::children;
use super::window;
use crate::column::KeySequence;
use crate::expression::{Batch, Failure};
use crate::plan::{Aggregation, Input, Link, Moment, Plan, Table, Target};
use crate::relation::{NO_PARENT, Periods, Relation};
use crate::value::{Data, Rows, SqlType, Vector};
use std::cell::RefCell;
use std::rc::Rc;

pub(super) struct Scope<'e> {
    worker: &'e Worker<'e>,
    table: usize,
    rows: Rows,
    inputs: RefCell<Vec<Option<Rc<Vector>>>>,
    parents: RefCell<Vec<Option<Rc<Parents<'e>>>>>,
}

/// The parents of a scope's rows through one link.
struct Parents<'e> {
    /// Over the parents' rows, each run of equal ones once.
    scope: Scope<'e>,
    /// For each child its parent's position in the scope; `None` where each has a parent of its own, in the children's order.
    positions: Option<Vec<u32>>,
    /// How many children there are.
    children: usize,
    /// False where a child has no parent; `None` when all have.
    present: Option<Vec<bool>>,
    /// Whether each parent is met only here: its children lie together.
    is_run: bool,
}

impl<'e> Scope<'e> {
    pub fn new(worker: &'e Worker<'_>, table: usize, rows: Rows) -> Self {
        let of = &worker.plan.tables[table];
        Self {
            worker,
            table,
            rows,
            inputs: RefCell::new(vec![None; of.inputs.len()]),
            parents: RefCell::new(of.links.iter().map(|_| None).collect()),
        }
    }

    /// The same, of rows that refer to some of these parents, each to the one at its place.
    pub fn of_children(
        worker: &'e Worker<'_>,
        aggregation: &Aggregation,
        rows: Rows,
        parents: &Rows,
        places: &[u32],
    ) -> Self {
        let scope = Self::new(worker, aggregation.table, rows);
        let parent_table = scope.of().links[aggregation.link].table;
        scope.parents.borrow_mut()[aggregation.link] =
            Parents::in_a_run(worker, parent_table, parents, places).map(Rc::new);
        scope
    }

    /// The same, with other values of these columns.
    pub fn with_columns(
        worker: &'e Worker<'_>,
        table: usize,
        rows: Rows,
        columns: &[usize],
        vectors: &[Rc<Vector>],
    ) -> Self {
        let scope = Self::new(worker, table, rows);
        for (column, vector) in columns.iter().zip(vectors) {
            scope.inputs.borrow_mut()[*column] = Some(vector.clone());
        }
        scope
    }

    fn of(&self) -> &'e Table {
        &self.worker.plan.tables[self.table]
    }

    fn compute(&self, index: usize) -> Result<Rc<Vector>, Failure> {
        let vector = match &self.of().inputs[index] {
            Input::Parent { link, input } => return self.parents(*link)?.read(*input),
            Input::Column(column) => self.column(*column)?,
            Input::Children(aggregation) => self.children(index, aggregation)?,
            Input::Window(of) => window::fill(self.worker, self, self.table, index, of)?,
            Input::Version(counter) => {
                let versions = self.of().history.as_ref().expect("only tables with history have versions");
                Data::Int(self.rows.map(|row| counter.of(versions, row))).into()
            }
            Input::Row => Data::Int(self.rows.map(|row| row as i64 + 1)).into(),
            Input::Nth { link } => {
                let mut ordinals = Vec::with_capacity(self.rows.len());
                relation(&self.of().links[*link]).ordinals(&self.rows, &mut ordinals);
                Data::Int(ordinals.into_iter().map(|ordinal| ordinal as i64 + 1).collect()).into()
            }
        };
        Ok(Rc::new(vector))
    }

    fn column(&self, column: usize) -> Result<Vector, Failure> {
        let planned = &self.of().columns[column];
        planned.generator.fill(self).map_err(|failure| self.locate(failure, &planned.name))
    }

    /// Says where a failure happened, if that is not known yet.
    pub fn locate(&self, failure: Failure, column: &str) -> Failure {
        match (&failure.place, failure.at) {
            (None, Some(at)) if at < self.rows.len() => {
                let place = format!("{}.{column}, row {}", self.of().name, self.rows.get(at) + 1);
                Failure { place: Some(place), ..failure }
            }
            (None, None) => Failure { place: Some(format!("{}.{column}", self.of().name)), ..failure },
            _ => failure,
        }
    }

    fn parents(&self, link: usize) -> Result<Rc<Parents<'e>>, Failure> {
        if let Some(parents) = &self.parents.borrow()[link] {
            return Ok(parents.clone());
        }
        let parents = Rc::new(self.open_parents(&self.of().links[link])?);
        self.parents.borrow_mut()[link] = Some(parents.clone());
        Ok(parents)
    }

    /// The parent of each row; [`NO_PARENT`] where there is none.
    pub fn parent_rows(&self, link: &Link) -> Result<Vec<u64>, Failure> {
        let mut rows = Vec::with_capacity(self.rows.len());
        match &link.target {
            Target::Relation(relation) => relation.parents(&self.rows, &mut rows),
            Target::Key { input, start, step } => {
                let rows_of_parent = self.worker.plan.tables[link.table].rows;
                let keys = KeySequence { start: *start, step: *step, rows: rows_of_parent };
                let column = self.input(*input)?;
                rows_of_keys(&column, keys, &mut rows);
            }
            Target::ValidAt { entities, periods, at } => {
                entities.parents(&self.rows, &mut rows);
                self.choose_versions(periods, at, &mut rows)?;
            }
        }
        Ok(rows)
    }

    fn open_parents(&self, link: &Link) -> Result<Parents<'e>, Failure> {
        let rows = self.parent_rows(link)?;
        let present = rows.contains(&NO_PARENT).then(|| rows.iter().map(|row| *row != NO_PARENT).collect());
        let (distinct, positions) = fold_runs(&rows);
        let is_run = matches!(distinct, Rows::Range { .. });
        let scope = Scope::new(self.worker, link.table, distinct);
        Ok(Parents { scope, positions, children: rows.len(), present, is_run })
    }

    /// Entities become those of their versions that are valid at the moment of each row.
    fn choose_versions(&self, periods: &Periods, at: &Moment, rows: &mut [u64]) -> Result<(), Failure> {
        let computed = match at {
            Moment::Fixed(_) => None,
            Moment::Computed(expression) => Some(expression.evaluate(self)?),
        };
        periods.choose(rows, |place| match (at, &computed) {
            (Moment::Fixed(moment), _) => Some(*moment),
            (_, Some(moments)) => moments.is_valid(place).then(|| moments.ints()[place]),
            (Moment::Computed(_), None) => None,
        });
        Ok(())
    }

    /// An aggregate over the rows that refer to these, and with it those over the same rows that are asked for, too.
    fn children(&self, index: usize, aggregation: &Aggregation) -> Result<Vector, Failure> {
        let is_open = |other: &usize| self.inputs.borrow()[*other].is_none();
        let others: Vec<usize> = match aggregation.aggregate.is_plain_count() {
            true => Vec::new(),
            false => {
                self.worker.asked.others(self.of(), self.table, index).into_iter().filter(is_open).collect()
            }
        };
        let all: Vec<usize> = [index].into_iter().chain(others).collect();
        self.worker.asked.open(self.table, &all);
        let computed = self.aggregates(&all, aggregation);
        self.worker.asked.close(all.len());
        computed
    }

    /// The first of these aggregates over the same children; the others are noted.
    fn aggregates(&self, all: &[usize], first: &Aggregation) -> Result<Vector, Failure> {
        if let [_, others @ ..] = all
            && !others.is_empty()
        {
            let all: Vec<&Aggregation> = all.iter().map(|at| self.aggregation(*at)).collect();
            // If one of the others fails, it is not yet known whether anybody needs it.
            if let Ok(mut vectors) = children::aggregates(self.worker, &all, &self.rows) {
                for (other, vector) in others.iter().zip(vectors.drain(1..)) {
                    self.inputs.borrow_mut()[*other] = Some(Rc::new(vector));
                }
                return Ok(vectors.remove(0));
            }
        }
        Ok(children::aggregates(self.worker, &[first], &self.rows)?.remove(0))
    }

    fn aggregation(&self, input: usize) -> &'e Aggregation {
        match &self.of().inputs[input] {
            Input::Children(aggregation) => aggregation,
            _ => unreachable!("only aggregates are computed together"),
        }
    }

    /// An input for these rows, block by block through the worker's cache. `None` when a block is just being computed: a tree
    /// whose rows read their parents' rows of the same block.
    fn cached(&self, input: usize) -> Result<Option<Vector>, Failure> {
        const NOT_YET: u32 = u32::MAX;
        let mut blocks: Vec<Rc<Vector>> = Vec::new();
        // Tables that are cached have few blocks.
        let mut place_of_block = vec![NOT_YET; self.of().rows.div_ceil(BLOCK_ROWS) as usize];
        let mut places = Vec::with_capacity(self.rows.len());
        for at in 0..self.rows.len() {
            let row = self.rows.get(at);
            let place = &mut place_of_block[(row / BLOCK_ROWS) as usize];
            if *place == NOT_YET {
                let Some(vector) = self.block(input, row / BLOCK_ROWS)? else { return Ok(None) };
                *place = blocks.len() as u32;
                blocks.push(vector);
            }
            places.push((*place, (row % BLOCK_ROWS) as u32));
        }
        let parts: Vec<&Vector> = blocks.iter().map(Rc::as_ref).collect();
        Ok(Some(Vector::gather(&parts, &places)))
    }

    fn block(&self, input: usize, block: u64) -> Result<Option<Rc<Vector>>, Failure> {
        let key = BlockKey { table: self.table as u32, input: input as u32, block };
        if let Some(vector) = self.worker.cache.borrow_mut().get(key) {
            return Ok(Some(vector));
        }
        if !self.worker.cache.borrow_mut().begin(key) {
            return Ok(None);
        }
        let start = block * BLOCK_ROWS;
        let len = BLOCK_ROWS.min(self.of().rows - start) as usize;
        let computed = Scope::new(self.worker, self.table, Rows::Range { start, len }).input(input);
        self.worker.cache.borrow_mut().end(key, computed.as_ref().ok().cloned());
        computed.map(Some)
    }
}

impl Scope<'_> {
    /// The parent's row of the first of these rows; `None` where it has none.
    pub fn parent_row(&self, link: usize) -> Result<Option<u64>, Failure> {
        let parents = self.parents(link)?;
        let has_parent = parents.present.as_ref().is_none_or(|present| present[0]);
        // The first child's parent is the first.
        Ok(has_parent.then(|| parents.scope.rows.get(0)))
    }

    /// Holds the rows to the table's CHECK conditions that read no other than these columns.
    pub fn hold_checks(&self, columns: &[usize]) -> Result<(), Failure> {
        for check in &self.of().checks {
            let Some(condition) = &check.condition else { continue };
            if !condition.inputs().iter().all(|input| columns.contains(input)) {
                continue;
            }
            let holds = condition.evaluate(self).map_err(|failure| self.locate(failure, &check.name))?;
            // As in SQL, a condition that is null holds.
            if let Some(at) = (0..holds.len()).find(|at| holds.is_valid(*at) && !holds.bools()[*at]) {
                let message = format!("check `{}` does not hold: {}", check.name, check.expression);
                let place = Some(format!("{}, row {}", self.of().name, self.rows.get(at) + 1));
                return Err(Failure { message, at: None, place });
            }
        }
        Ok(())
    }
}

impl Batch for Scope<'_> {
    fn rows(&self) -> &Rows {
        &self.rows
    }

    fn input(&self, index: usize) -> Result<Rc<Vector>, Failure> {
        if let Some(vector) = &self.inputs.borrow()[index] {
            return Ok(vector.clone());
        }
        let vector = self.compute(index)?;
        self.inputs.borrow_mut()[index] = Some(vector.clone());
        Ok(vector)
    }
}

impl<'e> Parents<'e> {
    /// Those at these places of a run of rows, if the places ascend: then they need not be looked for. `None` where there is no run to
    /// be gained.
    fn in_a_run(worker: &'e Worker<'_>, table: usize, parents: &Rows, places: &[u32]) -> Option<Self> {
        let (Rows::Range { start, .. }, [first, .., last]) = (parents, places) else { return None };
        let ascends = places.windows(2).fold(true, |all, pair| all & (pair[0] <= pair[1]));
        if !ascends || first == last {
            return None;
        }
        let run = Rows::Range { start: start + *first as u64, len: (last - first) as usize + 1 };
        let positions = places.iter().map(|place| place - first).collect();
        Some(Parents {
            scope: Scope::new(worker, table, run),
            positions: Some(positions),
            children: places.len(),
            present: None,
            is_run: true,
        })
    }

    /// An input of the parents, one value per child; null where there is no parent.
    fn read(&self, input: usize) -> Result<Rc<Vector>, Failure> {
        let worker = self.scope.worker;
        if self.scope.rows.is_empty() {
            // Asking the empty scope would go on for ever where the input reads its own parent.
            let sql_type = input_type(worker.plan, self.scope.table, input);
            return Ok(Rc::new(Vector::nulls(&sql_type, self.children)));
        }
        let through_cache = !self.is_run
            && worker.costs.is_costly(worker.plan, self.scope.table, input)
            && worker.cache.borrow().suits(self.scope.of().rows);
        let cached = if through_cache { self.scope.cached(input)? } else { None };
        let values = match cached {
            Some(values) => Rc::new(values),
            None => self.scope.input(input)?,
        };
        let taken = match &self.positions {
            Some(positions) => Rc::new(values.take(positions)),
            None => values,
        };
        Ok(match &self.present {
            Some(present) => Rc::new(Rc::unwrap_or_clone(taken).masked(present)),
            None => taken,
        })
    }
}

/// The type of a table's input.
fn input_type(plan: &Plan, table: usize, input: usize) -> SqlType {
    let of = &plan.tables[table];
    match &of.inputs[input] {
        Input::Column(column) => of.columns[*column].sql_type.clone(),
        Input::Parent { link, input } => input_type(plan, of.links[*link].table, *input),
        Input::Children(aggregation) => aggregation.aggregate.sql_type().clone(),
        Input::Window(of) => of.window.sql_type().clone(),
        Input::Row | Input::Nth { .. } | Input::Version(_) => SqlType::BigInt,
    }
}

fn relation(link: &Link) -> &dyn Relation {
    match &link.target {
        Target::Relation(relation) => relation.as_ref(),
        Target::Key { .. } | Target::ValidAt { .. } => {
            panic!("the plan asks only arithmetic links for ordinals")
        }
    }
}

/// The parents without repeats that follow each other, and for each child its place among them. Children that lie together by
/// parent, as rows made `per` parent do, make a run of parents.
fn fold_runs(rows: &[u64]) -> (Rows, Option<Vec<u32>>) {
    let is_apart = rows.windows(2).all(|pair| pair[0] != pair[1]);
    if is_apart && !rows.contains(&NO_PARENT) {
        return (run_or_list(rows.to_vec()), None);
    }
    // Without branches: whether the next row has the same parent is hard to foresee.
    let mut distinct = vec![0; rows.len()];
    let (mut count, mut last) = (0, NO_PARENT);
    let position = |row: &u64| {
        let has_parent = *row != NO_PARENT;
        distinct[count] = *row;
        count += usize::from(has_parent & (*row != last));
        last = if has_parent { *row } else { last };
        if has_parent { count as u32 - 1 } else { 0 }
    };
    let positions = rows.iter().map(position).collect();
    distinct.truncate(count);
    (run_or_list(distinct), Some(positions))
}

/// As [`children::as_rows`], but a single row is no run: other batches may meet it again.
fn run_or_list(rows: Vec<u64>) -> Rows {
    if rows.len() > 1 { children::as_rows(&rows) } else { Rows::Picked(rows.into()) }
}

/// The parent rows whose keys stand in a column, which was held to them when it was computed.
fn rows_of_keys(column: &Vector, keys: KeySequence, out: &mut Vec<u64>) {
    out.extend((0..column.len()).map(|at| match column.is_valid(at) {
        true => keys.row_of(column.ints()[at]).expect("the column is held to the keys"),
        false => NO_PARENT,
    }));
}
