pub const TABLE: &str = "
operation                               whose     | none bad expired guest consumer provider admin suspended
POST /requests                          own-photo | un   un  un      ar    201      wr       wr    ac
POST /requests                          another's-photo | un un un   ar    ny       wr       wr    ac
POST /requests                          unknown-photo | un un un     ar    ny       wr       wr    ac
GET /requests                           -         | un   un  un      ar    200      200      200   ac
GET /requests/{request_id}              own       | un   un  un      ar    200      200      200   ac
GET /requests/{request_id}              another's | un   un  un      ar    ny       ny       200   ac
GET /requests/{request_id}              unknown   | un   un  un      ar    ny       ny       ny    ac
GET /requests/{request_id}              another's-lead | un un un    ar    200      200      200   ac
GET /requests/{request_id}/matches      own       | un   un  un      ar    200      200      200   ac
GET /requests/{request_id}/matches      another's | un   un  un      ar    ny       ny       200   ac
GET /requests/{request_id}/matches      another's-lead | un un un    ar    ny       ny       200   ac
GET /requests/{request_id}/matches      unknown   | un   un  un      ar    ny       ny       ny    ac
PATCH /requests/{request_id}            own       | un   un  un      ar    200      200      200   ac
PATCH /requests/{request_id}            another's | un   un  un      ar    ny       ny       200   ac
PATCH /requests/{request_id}            another's-lead | un un un    ar    ny       ny       200   ac
PATCH /requests/{request_id}            unknown   | un   un  un      ar    ny       ny       ny    ac
PATCH /requests/{request_id}            own-offered | un un  un      ar    im       im       im    ac
PATCH /requests/{request_id}            own-booked | un  un  un      ar    rc       rc       rc    ac
POST /requests/{request_id}/match       own       | un   un  un      ar    202      202      202   ac
POST /requests/{request_id}/match       another's | un   un  un      ar    ny       ny       202   ac
POST /requests/{request_id}/match       unknown   | un   un  un      ar    ny       ny       ny    ac
POST /requests/{request_id}/match       own-offered | un un  un      ar    im       im       im    ac
POST /requests/{request_id}/cancel      own       | un   un  un      ar    200      200      200   ac
POST /requests/{request_id}/cancel      another's | un   un  un      ar    ny       ny       200   ac
POST /requests/{request_id}/cancel      another's-lead | un un un    ar    ny       ny       200   ac
POST /requests/{request_id}/cancel      unknown   | un   un  un      ar    ny       ny       ny    ac
POST /requests/{request_id}/cancel      own-offered | un un  un      ar    200      200      200   ac
POST /requests/{request_id}/cancel      own-booked | un  un  un      ar    rc       rc       rc    ac
";
