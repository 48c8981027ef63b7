//! One form, one effect: how every handler that creates or sends something does it.

use diesel::result::Error as DieselError;

use super::visitor::Visitor;
use crate::platform::db::{StorageError, Tx};
use crate::platform::web::idempotency::{self, Once, find_outcome, submission_key};
use crate::platform::web::{Failure, Fields};

impl Visitor {
    /// Does what a form asks for once, however often it is sent. `work` answers where its sender
    /// is sent to; who sends the form again is sent there, too.
    ///
    /// # Errors
    /// Those of `work`, or when the database refuses.
    pub async fn once<E>(
        &self,
        fields: &Fields,
        work: impl Fn(&mut Tx<'_>) -> Result<String, E> + Send + 'static,
    ) -> Result<String, E>
    where
        E: From<DieselError> + From<StorageError> + Send + 'static,
    {
        let done = self.once_with(fields, move |tx| {
            let location = work(tx)?;
            Ok::<_, E>((location.clone(), location))
        });
        Ok(match done.await? {
            Once::Done(location) | Once::Repeated(location) => location,
        })
    }

    /// As [`Self::once`], for work that gives more than a place to go to.
    ///
    /// # Errors
    /// Those of `work`, or when the database refuses.
    pub async fn once_with<T, E>(
        &self,
        fields: &Fields,
        work: impl Fn(&mut Tx<'_>) -> Result<(String, T), E> + Send + 'static,
    ) -> Result<Once<T>, E>
    where
        T: Send + 'static,
        E: From<DieselError> + From<StorageError> + Send + 'static,
    {
        let key = self.submission(fields);
        let done = self.site.db.write(self.actor(), move |tx| {
            idempotency::once(tx, &key, |tx| work(tx))
        });
        done.await
    }

    /// Where this form led, if it was accepted before. For forms that are looked at before
    /// anything is written: what they were about may be gone by now.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn repeated(&self, fields: &Fields) -> Result<Option<String>, Failure> {
        let key = self.submission(fields);
        let found = self
            .site
            .db
            .read(move |conn| find_outcome(conn, &key).map_err(StorageError::from));
        Ok(found.await?)
    }

    /// Key under which this form counts as sent.
    pub(super) fn submission(&self, fields: &Fields) -> String {
        submission_key(fields, self.actor(), self.path())
    }
}
