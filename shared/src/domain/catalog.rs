//! The catalog, as it is now.

use std::sync::Arc;

use tokio::sync::watch;

use super::Domain;
use crate::model::catalog::Catalog;

/// The catalog that this process knows.
#[derive(Clone)]
pub struct CurrentCatalog(watch::Sender<Arc<Catalog>>);

impl CurrentCatalog {
    /// What is built in, until it is read.
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(Arc::new(Catalog::built_in().clone())))
    }

    /// As it is now.
    #[must_use]
    pub fn get(&self) -> Arc<Catalog> {
        Arc::clone(&self.0.borrow())
    }
}

impl Domain {
    /// The catalog as it is now.
    #[must_use]
    pub fn catalog(&self) -> Arc<Catalog> {
        self.catalog.get()
    }
}
