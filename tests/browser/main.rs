//! The pages as people meet them: in Chromium, with JavaScript and without.

#[path = "../support/mod.rs"]
mod support;

mod accessibility;
mod authors;
mod browser;
mod catalogue;
mod desk;
mod discussion;
mod disorder;
mod journey;
mod loading;
mod looks;
mod markup;
mod scripts;
mod two_factor;
