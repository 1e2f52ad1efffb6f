//! One row for each person: the columns of the real form, the state of today with its days, counts
//! of reviews, and what the newest training record says.

use super::table::table;

/// States as the register writes them: the words of `standing::State::label`. A program that reads the files
/// must bear others.
pub mod state {
    use crate::domain::standing::State;

    /// Has handed in an application.
    pub const APPLICANT: &str = State::Applicant.label();
    /// An activist in cultivation.
    pub const ACTIVIST: &str = State::Activist.label();
    /// An activist whose cultivation is paused.
    pub const PAUSED: &str = State::Paused.label();
    /// No activist any more, by decision of the organisation.
    pub const REMOVED: &str = State::Removed.label();
    /// Proposed as a prospect.
    pub const PROPOSED: &str = State::Proposed.label();
    /// A prospect.
    pub const PROSPECT: &str = State::Prospect.label();
    /// Accepted by the branch meeting; the higher committee has not approved yet.
    pub const ADMITTED: &str = State::Admitted.label();
    /// A probationary member.
    pub const PROBATIONER: &str = State::Probationer.label();
    /// A probationary member whose probation was extended.
    pub const EXTENDED: &str = State::Extended.label();
    /// Full membership passed by the branch meeting; not approved yet.
    pub const FULL_PENDING: &str = State::FullPending.label();
    /// A full member.
    pub const MEMBER: &str = State::Member.label();
    /// Was a probationary member; the qualification was cancelled.
    pub const CANCELLED: &str = State::Cancelled.label();
    /// Has withdrawn the application.
    pub const WITHDRAWN: &str = State::Withdrawn.label();
    /// Has moved to another organisation.
    pub const MOVED_OUT: &str = State::MovedOut.label();

    /// All of them, in the order of the path.
    pub const ALL: [&str; 14] = [
        APPLICANT,
        ACTIVIST,
        PAUSED,
        REMOVED,
        PROPOSED,
        PROSPECT,
        ADMITTED,
        PROBATIONER,
        EXTENDED,
        FULL_PENDING,
        MEMBER,
        CANCELLED,
        WITHDRAWN,
        MOVED_OUT,
    ];
}

table! {
    /// A person. Every column may be absent.
    PersonRow
    /// The table of people.
    PEOPLE "people" "人员" 1
    "One row for each person of the register, as of one day."

    as_of: Day, "截至日期", "", "-",
        "The day of which the row speaks; the same in all rows of a file. Ages are counted on it.";
    person_id: Text, "人员标识", "", "-",
        "Joins the tables. Made by the register at random: no number of an identity card and nothing derived from one.";
    branch: Text, "所在党支部", "", "名册",
        "The person's branch as of that day.";
    name: Text, "姓名", "", "名册",
        "Name as on the identity card, rare characters included.";
    issued_number: Text, "学号/职工号", "", "名册",
        "Number issued by the school or employer. Text: zeros in front count.";
    sex: Text, "性别", "", "名册",
        "男 or 女, as on the roster.";
    ethnicity: Text, "民族", "", "名册",
        "Ethnic group in full, as 汉族.";
    native_place: Text, "籍贯", "", "名册",
        "Native place, as on the roster.";
    born: Day, "出生日期", "", "名册; 细则 2026 Art. 5",
        "Day of birth.";
    applied: Day, "递交入党申请书时间", "", "名册; 细则 2026 Art. 7",
        "Day on which the application was handed in.";
    recommended: Day, "团组织推优时间", "", "名册; 细则 2026 Art. 8",
        "Day of the recommendation by the Youth League or another mass organisation.";
    confirmed: Day, "确定为入党积极分子时间", "", "名册; 细则 2026 Art. 8",
        "Day of the decision that made the person an activist; cultivation counts from it.";
    mentor_1: Text, "培养联系人1", "", "名册; 细则 2026 Art. 9",
        "Name of the first mentor.";
    mentor_2: Text, "培养联系人2", "", "名册; 细则 2026 Art. 9",
        "Name of the second mentor.";
    education: Text, "已取得学历", "", "名册",
        "Highest education completed, as on the roster.";
    category: Text, "学生类别/人员类别", "", "名册",
        "Kind of student or of staff, as on the roster.";
    grade: Text, "年级", "", "名册",
        "Year of entry, as 2025级.";
    study_length: Text, "学制", "", "名册",
        "Length of the course of study, as 3年.";
    post: Text, "担任职务", "", "名册",
        "Post held.";
    secretary: Text, "党支部书记姓名", "", "名册",
        "Name of the branch's secretary.";
    filing: Text, "二级党委备案情况", "", "名册; 细则 2026 Art. 8",
        "Whether the higher committee has it on file, as on the roster.";
    inexact_days: Text, "只知年月的日期", "", "名册",
        "Days of which only year or month is known, which the columns of days leave absent: column and day, as `born 2003-05; confirmed 2026`.";
    social_group: Text, "群体", "", "中办发〔2013〕4号 (八)-(十), (十二)",
        "The group by which growth is planned, as 产业工人, 农民, 高校学生; typed by a person.";
    front_line: YesNo, "生产、工作一线", "", "中办发〔2013〕4号 (八)",
        "Whether the person works on the front line; typed by a person.";
    state: Text, "现状态", "", "中办发〔2013〕4号 (五)",
        "State as of that day: one of the words listed below.";
    state_since: Day, "现状态起始日期", "", "中办发〔2013〕4号 (五)",
        "Day of the newest change of state.";
    listed: Day, "列为发展对象时间", "", "细则 2026 Art. 13",
        "Day on which the person was listed as a prospect.";
    accepted: Day, "接收为预备党员时间", "", "细则 2026 Art. 31",
        "Day on which the branch meeting voted to accept; probation counts from it.";
    became_full: Day, "转为正式党员时间", "", "细则 2026 Art. 33",
        "Day from which the person is a full member.";
    cultivated_days: Whole, "已培养天数", "day", "细则 2026 Art. 12, 13",
        "Days of cultivation as of that day or until it ended, here and in earlier organisations, as the register counts them.";
    cultivated_elsewhere_days: Whole, "在其他单位已培养天数", "day", "细则 2026 Art. 12",
        "Those of them that were in earlier organisations.";
    reviews_due: Whole, "应考察次数", "review", "细则 2026 Art. 11",
        "Half-year reviews whose day had come while the person was an activist.";
    reviews_held: Whole, "已考察次数", "review", "细则 2026 Art. 11",
        "Half-year reviews that the register knows to have been held; may be more than were due.";
    last_review: Day, "最近一次考察日期", "", "细则 2026 Art. 11",
        "Day of the newest review.";
    record_day: Day, "学习档案日期", "", "-",
        "Day on which the newest training record was made; absent when none was received, and then all of the following to `reports` are.";
    lessons_read: Whole, "已读课数", "lesson", "-",
        "Lessons read.";
    lessons: Whole, "总课数", "lesson", "-",
        "Lessons that there were.";
    answered: Whole, "已答题数", "question", "-",
        "Questions answered at least once.";
    questions: Whole, "总题数", "question", "-",
        "Questions that there were.";
    correct: Whole, "最近答对", "question", "-",
        "Questions whose newest answer was right.";
    exams: Whole, "模拟考试场数", "exam", "-",
        "Mock exams taken.";
    exams_passed: Whole, "模拟考试及格场数", "exam", "-",
        "Mock exams passed.";
    practice: Whole, "实践次数", "entry", "细则 2026 Art. 10",
        "Entries of practice.";
    talks: Whole, "谈话次数", "talk", "细则 2026 Art. 9",
        "Talks with mentors.";
    reports: Whole, "思想汇报篇数", "report", "-",
        "Thought reports.";
    self_study_minutes: Whole, "自学时间（自报）", "minute", "-",
        "Study time in the portal as the person's own record declares it. Never to be added to class hours.";
    class_hours: Whole, "集中培训学时", "study hour", "细则 2026 Art. 17",
        "Study hours of concentrated training as the organisation that held it has typed them. Self-study never counts here.";
}
