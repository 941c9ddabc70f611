pub const TABLE: &str = "
operation                               whose     | none bad expired guest consumer provider admin suspended
GET /providers/{provider_id}/slots      own       | un   un  un      200   200      200      200   ac
GET /providers/{provider_id}/slots      another's | un   un  un      200   200      200      200   ac
GET /providers/{provider_id}/slots      unknown   | un   un  un      nf    nf       nf       nf    ac
GET /providers/{provider_id}/slots      own-suspended | un un un     200   200      200      200   ac
GET /providers/{provider_id}/slots      another's-suspended | un un un nf  nf       nf       200   ac
GET /providers/{provider_id}/slots      own-unlicensed | un un un    in    in       in       in    ac
GET /providers/{provider_id}/slots      another's-unlicensed | un un un nf nf       nf       in    ac
";
