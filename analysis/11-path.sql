-- What: of those who applied in a year, how many have come to each station so far.
-- Source: 细则 2026 Art. 11 (yearly analysis); stations: Art. 8, 13, 31, 33.
-- Does not conclude: a rate of success. Recent years have not had the time, and who moved away is counted as far as the
--       register followed.
SELECT
    year(applied) AS applied_in,
    count(*) AS persons,
    count(confirmed) AS confirmed,
    count(listed) AS listed,
    count(accepted) AS accepted,
    count(became_full) AS became_full
FROM people
WHERE applied IS NOT NULL
GROUP BY year(applied)
ORDER BY applied_in
