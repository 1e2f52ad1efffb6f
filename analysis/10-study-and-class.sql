-- What: by state, self-study as people's own records declare it, and beside it, never added to it, concentrated training
--       as its organisers have typed it.
-- Source: 细则 2026 Art. 10 (education), 17 (concentrated training: at least 3 days or 24 study hours).
-- Does not conclude: that self-study counts for anything in Art. 17, that a declared time is true, or that a person with
--       fewer than 24 hours was not trained: the days are not in these tables.
SELECT
    coalesce(state, '未填') AS in_state,
    count(*) AS persons,
    count(record_day) AS with_record,
    CAST(coalesce(sum(self_study_minutes), 0) AS BIGINT) AS self_study_minutes,
    count(class_hours) AS with_class_hours,
    CAST(coalesce(sum(class_hours), 0) AS BIGINT) AS class_hours,
    count(CASE WHEN class_hours >= 24 THEN 1 END) AS with_24_class_hours
FROM people
GROUP BY coalesce(state, '未填')
ORDER BY in_state
