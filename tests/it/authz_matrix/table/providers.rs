pub const TABLE: &str = "
operation                               whose     | none bad expired guest consumer provider admin suspended
POST /providers                         -         | un   un  un      ar    201      201      201   ac
";
