"""Joint readings of the reports, held against all that a report says at once.

`scored` finds what a claim's quantity is under a reading, `posterior` says which answers are likely, `chance` what
would fit by accident, `tables` writes all of it down. Which readings there are and what they need is in study.questions
and study.readings.

May import: base, study, claims, scoring (to read tables).
"""
