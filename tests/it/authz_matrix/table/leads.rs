pub const TABLE: &str = "
operation                               whose     | none bad expired guest consumer provider admin suspended
GET /providers/leads                    -         | un   un  un      ar    wr       np       wr    ac
GET /providers/leads                    own       | un   un  un      ar    wr       200      wr    ac
PUT /requests/{request_id}/view         own       | un   un  un      ar    wr       200      wr    ac
PUT /requests/{request_id}/view         another's | un   un  un      ar    wr       ny       wr    ac
PUT /requests/{request_id}/view         another's-bare | un un un    ar    wr       np       wr    ac
PUT /requests/{request_id}/view         unknown   | un   un  un      ar    wr       ny       wr    ac
PUT /requests/{request_id}/pass         own       | un   un  un      ar    wr       200      wr    ac
PUT /requests/{request_id}/pass         another's | un   un  un      ar    wr       ny       wr    ac
PUT /requests/{request_id}/pass         another's-bare | un un un    ar    wr       np       wr    ac
PUT /requests/{request_id}/pass         unknown   | un   un  un      ar    wr       ny       wr    ac
PUT /requests/{request_id}/pass         own-booked | un  un  un      ar    wr       rc       wr    ac
PUT /requests/{request_id}/pass         own-offered | un un  un      ar    wr       im       wr    ac
POST /requests/{request_id}/suggest-offer own     | un   un  un      ar    wr       202      wr    ac
POST /requests/{request_id}/suggest-offer another's | un un  un      ar    wr       ny       wr    ac
POST /requests/{request_id}/suggest-offer another's-bare | un un un  ar    wr       np       wr    ac
POST /requests/{request_id}/suggest-offer unknown | un   un  un      ar    wr       ny       wr    ac
POST /requests/{request_id}/suggest-offer own-booked | un un un      ar    wr       rc       wr    ac
";
