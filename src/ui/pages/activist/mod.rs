//! The activist's screens.

mod exam;
mod exam_form;
mod exam_print;
mod exams;
mod groups;
mod home;
mod lesson;
mod log;
mod marked;
mod mastery;
mod mentors;
mod mistakes;
mod module;
mod plan;
mod practice;
mod print;
mod record;
mod reports;
mod scopes;
mod today;

pub(in crate::ui) use exam::ExamPage;
pub(in crate::ui) use exam_print::ExamPrintPage;
pub(in crate::ui) use exams::ExamsPage;
pub(in crate::ui) use groups::GroupsPage;
pub(in crate::ui) use home::HomePage;
pub(in crate::ui) use lesson::LessonPage;
pub(in crate::ui) use log::LogPage;
pub(in crate::ui) use marked::MarkedPage;
pub(in crate::ui) use mastery::MasteryPage;
pub(in crate::ui) use mentors::MentorsPage;
pub(in crate::ui) use mistakes::MistakesPage;
pub(in crate::ui) use module::ModulePage;
pub(in crate::ui) use plan::PlanPage;
pub(in crate::ui) use practice::{PracticeHomePage, PracticePage};
pub(in crate::ui) use print::RecordPrintPage;
pub(in crate::ui) use record::RecordPage;
