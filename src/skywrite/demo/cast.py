"""The demo's fifty people, and what each is like with mail. Made up, and the same every time."""

from enum import StrEnum
from typing import Any

from msgspec import Struct


class Habit(StrEnum):
    """What somebody does with a mail."""

    READS = "reads"
    CLICKS = "clicks"
    CLICKS_TWICE = "clicks twice"
    REPLIES = "replies"
    IGNORES = "ignores"
    UNSUBSCRIBES_AT_ONCE = "unsubscribes by the mail program's button"
    UNSUBSCRIBES_ON_PAGE = "unsubscribes on the page"
    UNSUBSCRIBES_BY_MAIL = "unsubscribes by mail"
    COMPLAINS = "marks it as spam"
    IS_AWAY = "is on holiday"
    HAS_APPLE_MAIL = "has a mail program that fetches every picture"
    HAS_SCANNER = "sits behind a scanner that follows every link"
    IS_UNKNOWN = "is not known at the server"
    BOUNCES_LATE = "is not known at a server that says so later"
    IS_BLOCKED = "has a server that refuses us"


# How many of each; the readers are the rest.
_NUMBERS = {
    Habit.CLICKS: 8,
    Habit.CLICKS_TWICE: 3,
    Habit.REPLIES: 4,
    Habit.IGNORES: 6,
    Habit.UNSUBSCRIBES_AT_ONCE: 1,
    Habit.UNSUBSCRIBES_ON_PAGE: 1,
    Habit.UNSUBSCRIBES_BY_MAIL: 1,
    Habit.COMPLAINS: 1,
    Habit.IS_AWAY: 1,
    Habit.HAS_APPLE_MAIL: 4,
    Habit.HAS_SCANNER: 1,
    Habit.IS_UNKNOWN: 1,
    Habit.BOUNCES_LATE: 1,
    Habit.IS_BLOCKED: 1,
}
# fmt: off
_FIRST = [
    "Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Frances", "Dennis", "Radia", "Ken", "Hedy", "Tim",
    "Karen", "Linus", "Margaret", "Guido", "Katherine", "Bjarne", "Annie", "Rob", "Joan", "Niklaus", "Sophie",
    "John", "Evelyn", "Claude", "Mary", "Tony", "Elaine", "Vint", "Shafi", "Leslie", "Susan", "Brian", "Adele",
    "Robin", "Jean", "Andrew", "Lynn", "Michael", "Betty", "Peter", "Kathleen", "Butler", "Ruth", "Maurice",
    "Marlyn", "Ivan", "Gladys", "Jim",
]
_LAST = [
    "Byron", "Murray", "Mathison", "Wybe", "Huberman", "Ervin", "Allen", "Ritchie", "Joy", "Lane", "Kiesler",
    "Lee", "Jones", "Benedict", "Heafield", "Rossum", "Coleman", "Strous", "Easley", "Pike", "Clarke", "Emil",
    "Wilson", "Backus", "Boyd", "Shannon", "Keller", "Hoare", "Rich", "Gray", "Wasser", "Lamport", "Kare",
    "Wilkinson", "Gold", "Milner", "Bartik", "Yao", "Conway", "Stone", "Holberton", "Naur", "Antonelli",
    "Lampson", "Teitel", "Wilkes", "Meltzer", "Suther", "West", "Gosling",
]
# fmt: on
_COMPANIES = ["Northwind", "Bluebird Bakery", "Harbour Studio", "Juniper & Co", "Lantern Books", "Kite Cycles"]
_CITIES = ["Berlin", "Lisbon", "Oslo", "Porto", "Utrecht", "Vienna", "Zagreb"]
_PLANS = ["free", "free", "starter", "pro", "team"]


class Person(Struct, frozen=True):
    """One of the people."""

    user_id: str
    first_name: str
    last_name: str
    email: str
    company: str
    city: str
    plan: str
    habit: Habit

    def traits(self) -> dict[str, Any]:
        """What an identify call says of them."""
        return {
            "firstName": self.first_name,
            "lastName": self.last_name,
            "email": self.email,
            "company": self.company,
            "city": self.city,
            "plan": self.plan,
        }


def person(number: int) -> Person:
    """The person of a number, from 0; the first fifty are the cast, those beyond are like them."""
    at = number % len(_FIRST)
    first, last = _FIRST[at], _LAST[(at + number // len(_FIRST)) % len(_LAST)]
    company = _COMPANIES[number % len(_COMPANIES)]
    domain = "".join(letter for letter in company.lower() if letter.isalpha())
    again = f"{number // len(_FIRST) + 1}" if number >= len(_FIRST) else ""
    return Person(
        user_id=f"demo-{number + 1}",
        first_name=first,
        last_name=last,
        email=f"{first.lower()}.{last.lower()}{again}@{domain}.example",
        company=company,
        city=_CITIES[number % len(_CITIES)],
        plan=_PLANS[number % len(_PLANS)],
        habit=_HABITS[at * 7 % len(_HABITS)],  # spread over the list, not in blocks
    )


_HABITS = [habit for habit, count in _NUMBERS.items() for _ in range(count)]
_HABITS += [Habit.READS] * (len(_FIRST) - len(_HABITS))
CAST = [person(number) for number in range(len(_FIRST))]
