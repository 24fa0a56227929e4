-- People are searched by the words of the options they chose: which values those are is known from the forms, and who holds
-- them from this index. Sites without questions of their own do not pay for it.
create index "User_answers_idx" on "User" using gin (answers jsonb_path_ops) where answers <> '{}';
