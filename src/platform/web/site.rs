//! What every handler reaches: database, settings, templates, key, limiter.

use std::sync::Arc;

use super::limits::Limiter;
use super::shell::RailSource;
use super::templates::Templates;
use crate::config::Settings;
use crate::platform::db::Database;
use crate::platform::secret::SecretKey;

/// The program's parts, managed by Rocket.
pub struct Site {
    /// The database.
    pub db: Database,
    /// Settings.
    pub settings: Arc<Settings>,
    /// Templates.
    pub templates: Templates,
    /// Signing key.
    pub key: SecretKey,
    /// Counts tries.
    pub limiter: Limiter,
    /// What the slices add to the desk's rail, in floor order.
    pub rail: Vec<RailSource>,
}
