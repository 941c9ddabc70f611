pub const TABLE: &str = "
operation                               whose     | none bad expired guest consumer provider admin suspended
POST /offers                            -         | un   un  un      ar    wr       np       wr    ac
POST /offers                            own       | un   un  un      ar    wr       201      wr    ac
POST /offers                            another's | un   un  un      ar    wr       ny       wr    ac
POST /offers                            unknown   | un   un  un      ar    wr       ny       wr    ac
GET /offers                             -         | un   un  un      ar    200      200      200   ac
GET /requests/{request_id}/offers       own       | un   un  un      ar    200      200      200   ac
GET /requests/{request_id}/offers       own-made  | un   un  un      ar    ny       ny       200   ac
GET /requests/{request_id}/offers       another's | un   un  un      ar    ny       ny       200   ac
GET /requests/{request_id}/offers       unknown   | un   un  un      ar    ny       ny       ny    ac
GET /offers/{offer_id}                  own       | un   un  un      ar    200      200      200   ac
GET /offers/{offer_id}                  own-made  | un   un  un      ar    200      200      200   ac
GET /offers/{offer_id}                  another's | un   un  un      ar    ny       ny       200   ac
GET /offers/{offer_id}                  unknown   | un   un  un      ar    ny       ny       ny    ac
PUT /offers/{offer_id}/withdraw         own-made  | un   un  un      ar    200      200      200   ac
PUT /offers/{offer_id}/withdraw         own       | un   un  un      ar    ny       ny       200   ac
PUT /offers/{offer_id}/withdraw         another's | un   un  un      ar    ny       ny       200   ac
PUT /offers/{offer_id}/withdraw         unknown   | un   un  un      ar    ny       ny       ny    ac
PUT /offers/{offer_id}/decline          own       | un   un  un      ar    200      200      200   ac
PUT /offers/{offer_id}/decline          own-made  | un   un  un      ar    ny       ny       200   ac
PUT /offers/{offer_id}/decline          another's | un   un  un      ar    ny       ny       200   ac
PUT /offers/{offer_id}/decline          unknown   | un   un  un      ar    ny       ny       ny    ac
PUT /offers/{offer_id}/accept           own       | un   un  un      ar    200      200      200   ac
PUT /offers/{offer_id}/accept           own-made  | un   un  un      ar    ny       ny       200   ac
PUT /offers/{offer_id}/accept           another's | un   un  un      ar    ny       ny       200   ac
PUT /offers/{offer_id}/accept           unknown   | un   un  un      ar    ny       ny       ny    ac
";
