//! Starts the office in its page: one's own papers, and those of mentors and branches.

fn main() {
    xuedang::ui::start_office();
}
