//! People: signing up, signing in, and who may reach what.

mod entry;
mod factor;
mod interrupted;
mod links;
mod manage;
mod marks;
mod profile;
mod rules;
mod second_step;
mod secrets;
mod sessions;
