# Votes, and handing them out.

vote-grid-gone = These pictures are no longer here, so the vote was not counted; ask for new ones.
vote-not-in-grid = There is no such picture among these; choose one of those shown.
vote-unknown-kind = “{ $kind }” is not a vote; choose the best picture, say it is a tie, or that none will do.
export-in-the-way = { $folder } already holds something else; name a new or empty folder.
export-failed = The votes could not be written to { $folder }; check that this user may write there and that space is left.
