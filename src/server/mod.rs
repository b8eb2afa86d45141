//! Connections to PostgreSQL, found and secured as users of `psql` expect.
//!
//! [`Settings::resolve`] brings together what stands in a connection string, a service file, `PG*` variables and a
//! password file, in libpq's order of precedence; [`connect`] opens a connection by them. This is a module of its own because
//! everything that talks to a server needs the same answer to "which server, as whom, how secured" and the same words when
//! there is none.

mod connect;
mod conninfo;
mod error;
mod keywords;
mod passfile;
mod service;
mod settings;
mod tls;

pub use connect::connect;
pub use error::{Error, Refusal, may_pass, words};
pub use settings::{Environment, Settings};
