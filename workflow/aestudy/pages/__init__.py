"""Pages that people read in a browser: tables, the report's opening page, the page to explore.

Each is one self-contained document, filled from a template in `templates/` by `rendering`; nothing is fetched from
anywhere. `catalogue` says where each result is in the report, `captions` writes the text below the figures.

May import: base, replicates (manifests), scoring (to read tables), claims (verdicts), figures (labels, colours), study
(experiments).
"""
