//! Numbered pieces of work, done on every core, handed over in order.
//!
//! The only threads of datagen are started here. Workers take numbers in order and finish them in any;
//! the calling thread consumes the products strictly in order. A bounded window lies between them: no
//! worker takes a number that is `window` or more ahead of the one to be consumed next, so a slow
//! consumer (a full pipe, a slow disk) stops the workers instead of filling memory.

use std::any::Any;
use std::collections::VecDeque;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard};
use std::thread::Builder;
use std::time::Duration;

/// How often a waiting thread looks whether the run was cancelled: sooner than a person notices, and
/// twenty wake-ups a second cost nothing.
const LOOK_AROUND: Duration = Duration::from_millis(50);

/// Room for deep expressions and long chains of references, which are computed recursively. Only what is used counts as memory.
const STACK_BYTES: usize = 64 << 20;

/// What is done for each number, and by what.
pub trait Work: Sync {
    /// What a thread keeps from one number to the next; made and dropped on that thread.
    type State;
    /// What comes out.
    type Product: Send;
    /// Why it may not.
    type Error: Send;

    /// Prepares a thread.
    fn start(&self) -> Self::State;
    /// Does one piece of work.
    fn make(&self, state: &mut Self::State, number: u64) -> Result<Self::Product, Self::Error>;
    /// Sees what a thread kept, when there is nothing left to do.
    fn end(&self, _state: Self::State) {}
}

/// Why a run ended early.
#[derive(Debug, PartialEq, Eq)]
pub enum Stop<E> {
    /// Work or its consumer failed.
    Failed(E),
    /// `cancel` was set.
    Cancelled,
    /// A bug: the work panicked, with these words.
    Panicked(String),
}

/// How many threads, and how far they may run ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crew {
    /// Worker threads, at least 1.
    pub jobs: usize,
    /// Products in flight: taken by a worker and not yet consumed. At least 1; fewer than `jobs` leaves threads idle.
    pub window: usize,
}

impl Crew {
    /// So many threads, each with a product being made, one waiting to be written, and one to spare for when chunks
    /// take unequal times.
    pub fn of(jobs: usize) -> Self {
        Self { jobs, window: 3 * jobs }
    }
}

/// Does the work of all `numbers` and consumes the products in order, on the calling thread.
///
/// The first failure in the order of the numbers wins, whatever finished first on the clock: the numbers before it
/// are consumed, none after it. Returns only when every thread has ended. After `cancel` is set, returns as soon as the
/// pieces in the works are done.
pub fn in_order<W: Work>(
    work: &W,
    numbers: Range<u64>,
    crew: Crew,
    cancel: &AtomicBool,
    mut consume: impl FnMut(u64, W::Product) -> Result<(), W::Error>,
) -> Result<(), Stop<W::Error>> {
    let board = Board::new(numbers.clone(), crew.window.max(1) as u64, cancel);
    std::thread::scope(|scope| {
        // Also when `consume` panics: the scope waits for the threads, and they for this.
        let _closing = Closing(&board);
        for _ in 0..crew.jobs.max(1) {
            let thread = Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, || toil(work, &board));
            thread.expect("the system has a thread to spare");
        }
        for number in numbers {
            let product = board.collect(number)?;
            consume(number, product).map_err(Stop::Failed)?;
        }
        Ok(())
    })
}

/// One worker thread.
fn toil<W: Work>(work: &W, board: &Board<'_, W::Product, W::Error>) {
    let mut state = None;
    while let Some(number) = board.take() {
        let made = catch_unwind(AssertUnwindSafe(|| {
            work.make(state.get_or_insert_with(|| work.start()), number).map_err(Stop::Failed)
        }));
        let result = made.unwrap_or_else(|panic| Err(Stop::Panicked(words_of(panic))));
        // After a panic the state may be half changed: nobody may look at it.
        if let Err(Stop::Panicked(_)) = result {
            state = None;
        }
        board.put(number, result);
    }
    if let Some(state) = state {
        work.end(state);
    }
}

/// The words of a panic.
fn words_of(panic: Box<dyn Any + Send>) -> String {
    match panic.downcast::<String>() {
        Ok(words) => *words,
        Err(panic) => panic.downcast_ref::<&str>().unwrap_or(&"unknown cause").to_string(),
    }
}

/// Where workers and consumer meet.
struct Board<'c, T, E> {
    slots: Mutex<Slots<T, E>>,
    /// Something was put, or taken, or everything stops.
    changed: Condvar,
    window: u64,
    cancel: &'c AtomicBool,
}

struct Slots<T, E> {
    /// The next number a worker takes.
    next: u64,
    /// No number from here on is taken; a failure lowers it to its own.
    end: u64,
    /// The number that is consumed next: that of the first of `products`.
    first: u64,
    /// Products from `first` on; `None` is still in the works.
    products: VecDeque<Option<Result<T, Stop<E>>>>,
    /// Nobody consumes any longer.
    closed: bool,
}

impl<'c, T, E> Board<'c, T, E> {
    fn new(numbers: Range<u64>, window: u64, cancel: &'c AtomicBool) -> Self {
        let products = VecDeque::new();
        let slots =
            Slots { next: numbers.start, end: numbers.end, first: numbers.start, products, closed: false };
        Self { slots: Mutex::new(slots), changed: Condvar::new(), window, cancel }
    }

    /// The next number to work on, when the window allows; `None` when there is none left.
    fn take(&self) -> Option<u64> {
        let mut slots = self.lock();
        loop {
            if slots.closed || slots.next >= slots.end || self.is_cancelled() {
                return None;
            }
            if slots.next - slots.first < self.window {
                slots.next += 1;
                slots.products.push_back(None);
                return Some(slots.next - 1);
            }
            slots = self.wait(slots);
        }
    }

    /// Hands a result over.
    fn put(&self, number: u64, result: Result<T, Stop<E>>) {
        let mut slots = self.lock();
        if result.is_err() {
            slots.end = slots.end.min(number);
        }
        let at = (number - slots.first) as usize;
        slots.products[at] = Some(result);
        self.changed.notify_all();
    }

    /// The product of the next number, when it is there.
    fn collect(&self, number: u64) -> Result<T, Stop<E>> {
        let mut slots = self.lock();
        debug_assert_eq!(slots.first, number, "products are collected one after the other");
        loop {
            if self.is_cancelled() {
                return Err(Stop::Cancelled);
            }
            if let Some(Some(_)) = slots.products.front() {
                let result = slots.products.pop_front().flatten().expect("was just seen");
                slots.first += 1;
                self.changed.notify_all();
                return result;
            }
            slots = self.wait(slots);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Slots<T, E>> {
        self.slots.lock().expect("no thread panics while it holds the board")
    }

    fn wait<'s>(&self, slots: MutexGuard<'s, Slots<T, E>>) -> MutexGuard<'s, Slots<T, E>> {
        self.changed.wait_timeout(slots, LOOK_AROUND).expect("no thread panics while it holds the board").0
    }

    fn is_cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }
}

/// Tells the workers to end when the consumer is done, in whichever way.
struct Closing<'b, 'c, T, E>(&'b Board<'c, T, E>);

impl<T, E> Drop for Closing<'_, '_, T, E> {
    fn drop(&mut self) {
        self.0.lock().closed = true;
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    /// Squares numbers, slowly for some, and fails or panics where told.
    #[derive(Default)]
    struct Squares {
        fails_at: Vec<u64>,
        panics_at: Option<u64>,
        made: AtomicUsize,
        consumed: AtomicUsize,
        most_in_flight: AtomicUsize,
        ended: AtomicUsize,
    }

    impl Work for Squares {
        type State = u64;
        type Product = u64;
        type Error = String;

        fn start(&self) -> u64 {
            0
        }

        fn make(&self, state: &mut u64, number: u64) -> Result<u64, String> {
            *state += 1;
            let in_flight =
                self.made.fetch_add(1, Ordering::SeqCst) + 1 - self.consumed.load(Ordering::SeqCst);
            self.most_in_flight.fetch_max(in_flight, Ordering::SeqCst);
            if number.is_multiple_of(7) {
                std::thread::sleep(Duration::from_millis(2));
            }
            assert!(self.panics_at != Some(number), "number {number} is not for me");
            if self.fails_at.contains(&number) { Err(format!("no {number}")) } else { Ok(number * number) }
        }

        fn end(&self, state: u64) {
            self.ended.fetch_add(state as usize, Ordering::SeqCst);
        }
    }

    static NEVER: AtomicBool = AtomicBool::new(false);

    fn run(
        work: &Squares,
        numbers: Range<u64>,
        jobs: usize,
        window: usize,
    ) -> (Vec<u64>, Result<(), Stop<String>>) {
        let mut seen = Vec::new();
        let end = in_order(work, numbers, Crew { jobs, window }, &NEVER, |_, square| {
            work.consumed.fetch_add(1, Ordering::SeqCst);
            seen.push(square);
            Ok(())
        });
        (seen, end)
    }

    #[test]
    fn products_arrive_in_order_whatever_finishes_first() {
        for jobs in [1, 2, 5] {
            let work = Squares::default();
            let (seen, end) = run(&work, 3..200, jobs, 2 * jobs);
            assert_eq!(end, Ok(()));
            assert_eq!(seen, (3..200).map(|n| n * n).collect::<Vec<u64>>());
            assert_eq!(work.ended.into_inner(), 197, "every thread shows its state at the end");
        }
    }

    #[test]
    fn nothing_to_do_is_done() {
        assert_eq!(run(&Squares::default(), 5..5, 3, 3), (vec![], Ok(())));
    }

    #[test]
    fn no_more_than_the_window_is_in_flight() {
        let work = Squares::default();
        let mut seen = 0;
        let end = in_order(&work, 0..60, Crew { jobs: 4, window: 5 }, &NEVER, |_, _| {
            std::thread::sleep(Duration::from_millis(1));
            work.consumed.fetch_add(1, Ordering::SeqCst);
            seen += 1;
            Ok(())
        });
        assert_eq!((end, seen), (Ok(()), 60));
        // One more than the window: the product being consumed has left it.
        assert!(work.most_in_flight.into_inner() <= 6);
    }

    #[test]
    fn the_first_failure_in_order_wins_and_what_stands_before_it_is_consumed() {
        for _ in 0..20 {
            let work = Squares { fails_at: vec![14, 15, 16], ..Squares::default() };
            let (seen, end) = run(&work, 0..1_000_000, 4, 8);
            assert_eq!(end, Err(Stop::Failed("no 14".to_owned())));
            assert_eq!(seen.len(), 14);
            assert!(work.made.into_inner() < 30, "the others stop promptly");
        }
    }

    #[test]
    fn a_consumer_that_fails_stops_the_threads() {
        let work = Squares::default();
        let end = in_order(&work, 0..1_000_000, Crew { jobs: 3, window: 6 }, &NEVER, |number, _| {
            if number == 10 { Err("disk full".to_owned()) } else { Ok(()) }
        });
        assert_eq!(end, Err(Stop::Failed("disk full".to_owned())));
        assert!(work.made.into_inner() < 30);
    }

    #[test]
    fn a_panic_is_an_error_not_a_hang() {
        let work = Squares { panics_at: Some(3), ..Squares::default() };
        let (seen, end) = run(&work, 0..100, 2, 4);
        assert_eq!(end, Err(Stop::Panicked("number 3 is not for me".to_owned())));
        assert_eq!(seen, [0, 1, 4]);
    }

    #[test]
    fn a_cancelled_run_ends_soon() {
        let (work, cancel) = (Squares::default(), AtomicBool::new(false));
        let end = in_order(&work, 0..u64::MAX, Crew { jobs: 2, window: 4 }, &cancel, |number, _| {
            cancel.store(number == 20, Ordering::Relaxed);
            Ok(())
        });
        assert_eq!(end, Err(Stop::Cancelled));
    }
}
