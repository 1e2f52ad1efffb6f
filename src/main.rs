//! Starts the study in the page.

fn main() {
    xuedang::ui::start_study();
}
