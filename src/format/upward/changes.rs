//! One row for each change of state, in the words of who decided it: history, of which nothing is
//! lost.

use super::table::table;

table! {
    /// A change of state. Every column may be absent.
    ChangeRow
    /// The table of changes.
    CHANGES "changes" "状态变动" 1
    "One row for each decision or event that was written down of a person: usually a change of state."

    person_id: Text, "人员标识", "", "-",
        "Whose state changed; joins with people.";
    happened: Day, "变动日期", "", "中办发〔2013〕4号 (五)",
        "The day of the decision or, where there was none, of the event.";
    from_state: Text, "原状态", "", "中办发〔2013〕4号 (五)",
        "State before; absent for the first state that the register knows.";
    to_state: Text, "新状态", "", "中办发〔2013〕4号 (五)",
        "State from then on.";
    reason: Text, "原因", "", "中办发〔2013〕4号 (五)",
        "Why, as it was typed.";
    decided_by: Text, "决定机构", "", "细则 2026 Art. 8, 13, 25, 33",
        "Which organ decided, as it was typed.";
    branch: Text, "当时所在党支部", "", "-",
        "The person's branch at that time, or that of the export's day where the register knows no other.";
    social_group: Text, "当时群体", "", "中办发〔2013〕4号 (十二)",
        "The person's group at that time, or that of the export's day where the register knows no other.";
    decision: Text, "变动", "", "中办发〔2013〕4号 (五)",
        "What was decided or happened, in the register's words: one of those listed below.";
    sequence: Whole, "次序", "", "-",
        "Place among the person's changes, from 1: the order where days are equal.";
}
