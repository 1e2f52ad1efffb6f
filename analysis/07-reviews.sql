-- What: half-year reviews of those who are activists now, by branch: due, held of those due, people with all and with
--       none of theirs, and the share held in thousandths (rounded down).
-- Source: 细则 2026 Art. 11 (the branch reviews every half year).
-- Does not conclude: that a review was not held; only that the register knows of none. More than were due count as
--       those that were due.
WITH reviewed AS (
    SELECT
        branch,
        reviews_due AS due,
        CASE WHEN coalesce(reviews_held, 0) > reviews_due THEN reviews_due ELSE coalesce(reviews_held, 0) END AS held
    FROM people
    WHERE branch IS NOT NULL AND state = '入党积极分子' AND reviews_due > 0
)
SELECT
    branch,
    count(*) AS persons,
    CAST(sum(due) AS BIGINT) AS reviews_due,
    CAST(sum(held) AS BIGINT) AS reviews_held,
    count(CASE WHEN held = due THEN 1 END) AS persons_with_all,
    count(CASE WHEN held = 0 THEN 1 END) AS persons_with_none,
    CAST(floor(CAST(1000 * sum(held) AS DOUBLE) / CAST(sum(due) AS DOUBLE)) AS BIGINT) AS held_permille
FROM reviewed
GROUP BY branch
ORDER BY branch
