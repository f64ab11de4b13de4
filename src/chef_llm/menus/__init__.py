"""An order becomes a plan: menus that keep every constraint, chosen by the model among them.

In comes an `Order`, out goes a verified `Plan`, in text too. Read `constraints` (what must hold),
`meals` (what a meal is made of), `figures` (limits of nutrition), `planner` (the search and the
model's choice), `taste` (what goes together), `shares` (what only some days are for), `blocks`,
`way` and `hurry` (in which order a meal is cooked, and what is ready in time), `notes` (what is
missing) and `reasons` (why there is no menu), `title`, `answer`, `cards`, `work_text`, `shopping`.
"""
