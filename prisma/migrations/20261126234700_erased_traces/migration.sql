-- An erased row takes no more answers, so the outcome of a trace that was on its way goes to the erasure. "traceOpen": the trace
-- was sent, and neither its id nor a refusal has arrived.
alter table "Erasure" add column "traceOpen" boolean not null default false;
