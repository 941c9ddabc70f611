//! Databases and Redis prefixes for tests.
