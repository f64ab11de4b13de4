"""An order becomes a plan: menus that keep every constraint, chosen by the model among them.

In comes an `Order`, out goes a verified `Plan` (`plan`). Read `planner` for the way from one to the
other, then its steps. What may be served: `constraints`, `meals`, `setting`, `pools`, `figures`.
What goes together: `clashes`, `drawing`, `taste`, `blocks`, `way` and `hurry` (how long a meal
takes), `tasting`. The search over several meals: `supply` with `candidate`, `packs` and `shares`,
`week`, `weighing`, `order_rules`, `balance`. The model's choice: `writing`, `title`. A second look:
`verify`. What is said of it: `reasons` (why there is no menu), `notes` (what is missing), `answer`,
`cards`, `work_text`, `shopping`, `products`.
"""
