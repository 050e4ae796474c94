"""A draft to check against the made-up corpus, and how a browser sends one."""

FORM = {"content-type": "application/x-www-form-urlencoded", "accept": "text/html"}
EXACT = "Pakistan established diplomatic relations with the Soviet Union"
ALTERED = f"{EXACT} on May 2, 1948"
STRANGE = "purple zebras waltzing quietly underwater"
DRAFT = f"He says “{EXACT}”, then “{ALTERED}”, then “{STRANGE}”."
