"""The state store: its tables, its engine, its migrations. It holds no business rules."""
