# What can go wrong with the database and the files. $place is a file, a folder or host/database.

store-failed = The database at { $place } reported an error; look in the log, then try again.
store-locked = The database at { $place } is busy: another process holds it; wait a moment, or stop that process, and try again.
store-unreachable = The database at { $place } cannot be opened; check ATELIER_DATABASE_URL, and that the server runs and accepts this user and password.
store-unsupported = { $place } is not a database this program can use; set ATELIER_DATABASE_URL to sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME.
store-out-of-date = The tables in { $place } are missing or of another version; run “atelier db upgrade” and start again.
store-too-new = The tables in { $place } were made by a newer version of this program; run that version, or name another database in ATELIER_DATABASE_URL.
store-read-only = { $place } cannot be written; check that it exists and that this user may write there, then try again.
store-full = No space is left for { $place }; free some and try again. Nothing was half-written.
store-damaged = { $place } is not a sound database; put back the latest copy, or name another file in ATELIER_DATABASE_URL.
store-blob-missing = The file { $sha256 } is no longer kept; ask for the picture again.
store-blob-damaged = The file { $sha256 } was damaged on disk; put it back from a copy, or ask for the picture again.
