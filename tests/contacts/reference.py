"""Contacts one call at a time, in plain lists: slow, and obviously right. It says what `apply` must come to."""

USER, ANONYMOUS, EMAIL = 1, 2, 3


class Reference:
    """`people` are dicts, in the order of their making; one that became part of another is not among them."""

    def __init__(self):
        self.people, self.merged, self.made = [], {}, 0

    def take(self, call):
        """One call, decoded; whether it was taken."""
        if call["type"] == "alias":
            return self.alias(call["previousId"], call["userId"])
        if call["type"] == "page":
            person = self.of(USER, call["userId"]) if call["userId"] else self.of(ANONYMOUS, call["anonymousId"])
            if person:
                person["did"].append(call["name"])
            return False
        person = self.place(call)
        if person is None:
            return False
        if call["new"]:
            person = self.move(person, call["new"])
        if call["type"] == "track":
            person["did"].append(call["name"])
        for name, value in call["traits"].items():
            person["traits"].pop(name, None)
            if value is not None:
                person["traits"][name] = value
        return True

    def place(self, call):
        user, anonymous = call["userId"], call["anonymousId"]
        email, hint = (call["hint"], True) if call["type"] == "track" and call["hint"] else (call["email"], False)
        of_user, of_email, of_browser = self.of(USER, user), self.of(EMAIL, email), self.of(ANONYMOUS, anonymous)
        if hint and of_user and (of_user["email"] or (of_email and of_email is not of_user)):
            email, of_email = "", None
        person = of_user or of_email or self.of_shared(of_browser, user, email)
        if person is None and not user and not email:
            return None
        person = person or self.new()
        if of_email and of_email is not person:
            if of_email["user"]:
                self.conflict(person, of_email)
                email = ""
            else:
                self.unite(of_email, person)
        if (
            of_browser in self.people
            and of_browser is not person
            and not of_browser["user"]
            and not of_browser["email"]
        ):
            self.unite(of_browser, person)
        self.take_ids(person, user, anonymous, email, is_hint=hint)
        return person

    def of_shared(self, browser, user, email):
        if browser is None or (user and browser["user"]) or (email and browser["email"]):
            return None
        return browser

    def take_ids(self, person, user, anonymous, email, *, is_hint):
        if user:
            self.give(person, USER, user)
            person["user"] = user
        if email:
            is_first = person["email"] is None
            self.give(person, EMAIL, email)
            if is_first or (user and not is_hint):
                self.address(person, email)
        if anonymous:
            self.give(person, ANONYMOUS, anonymous)

    def move(self, person, email):
        holder = self.of(EMAIL, email)
        if holder and holder is not person:
            if holder["user"] and person["user"]:
                self.conflict(person, holder)
                return person
            if holder["user"]:
                person, holder = holder, person
            self.unite(holder, person)
        self.give(person, EMAIL, email)
        self.address(person, email)
        return person

    def alias(self, previous, user):
        before = self.of(USER, previous) or self.of(ANONYMOUS, previous)
        person = self.of(USER, user) or before
        if person is None:
            return False
        if before is None:
            self.give(person, ANONYMOUS, previous)
        elif before is not person:
            self.unite(before, person)
        self.give(person, USER, user)
        person["user"] = user
        return False

    def of(self, kind, value):
        return next((person for person in self.people if value and (kind, value) in person["ids"]), None)

    def new(self):
        self.made += 1
        person = {"id": self.made, "ids": set(), "user": None, "email": None, "traits": {}, "did": ["Created"]}
        self.people.append(person)
        return person

    def give(self, person, kind, value):
        for other in self.people:
            other["ids"].discard((kind, value))
        person["ids"].add((kind, value))

    def address(self, person, email):
        if person["email"] not in (None, email):
            person["did"].append("Changed")
        person["email"] = email

    def conflict(self, person, holder):
        person["did"].append("Identity Conflict")
        holder["did"].append("Identity Conflict")

    def unite(self, old, kept):
        self.people.remove(old)
        kept["ids"] |= old["ids"]
        kept["user"], kept["email"] = kept["user"] or old["user"], kept["email"] or old["email"]
        kept["traits"] = old["traits"] | kept["traits"]
        kept["did"] += [*old["did"], "Merged"]
        self.merged = {one: kept["id"] if into == old["id"] else into for one, into in self.merged.items()}
        self.merged[old["id"]] = kept["id"]
