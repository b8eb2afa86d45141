//! Ctrl-C and SIGTERM: a run is asked to stop, questions are left at once.

use super::error::{Error, Exit};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// Set when the process shall stop, from the moment on that somebody listens.
static CANCEL: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// Whether nothing has begun yet that would have to stop in order.
static IS_ASKING: AtomicBool = AtomicBool::new(false);

/// The flag that an interrupt sets. The second one ends the process at once: a write may never return.
pub fn listen() -> Result<Arc<AtomicBool>, Error> {
    IS_ASKING.store(false, Ordering::Relaxed);
    if let Some(flag) = CANCEL.get() {
        return Ok(flag.clone());
    }
    let flag = CANCEL.get_or_init(Arc::default);
    ctrlc::set_handler(move || {
        let is_second = flag.swap(true, Ordering::Relaxed);
        if is_second || IS_ASKING.load(Ordering::Relaxed) {
            super::console::write_all(if is_second { "" } else { "\n" });
            std::process::exit(Exit::Interrupted as i32);
        }
    })
    .map_err(|cause| Error::usage(format!("cannot listen for Ctrl-C: {cause}")))?;
    Ok(flag.clone())
}

/// Until something [listens](listen) again, an interrupt ends the process at once.
pub fn end_at_once() -> Result<(), Error> {
    listen()?;
    IS_ASKING.store(true, Ordering::Relaxed);
    Ok(())
}
