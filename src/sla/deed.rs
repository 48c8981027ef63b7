//! What a form that changes a calendar or a policy asks for: by the button that was pressed.

use crate::platform::web::Fields;

crate::text_enum! {
    /// What is to be done with what was typed.
    Deed {
        /// Keep it, unless it would move due times that nobody has looked at.
        Save = "save",
        /// Show what it means.
        Preview = "preview",
        /// Keep it, and move the due times that were shown.
        Confirm = "confirm",
    }
}

impl Deed {
    /// The button that was pressed; whoever presses none saves.
    #[must_use]
    pub fn of(fields: &Fields) -> Self {
        fields.get("deed").parse().unwrap_or(Self::Save)
    }
}
