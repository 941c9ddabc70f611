pub const TABLE: &str = "
operation                               whose     | none bad expired guest consumer provider admin suspended
GET /consumers/me/profile               -         | un   un  un      ar    200      200      200   ac
PUT /consumers/me/profile               -         | un   un  un      ar    200      200      200   ac
PATCH /consumers/me/location            -         | un   un  un      ar    200      200      200   ac
GET /consumers/me/requests              -         | un   un  un      ar    200      200      200   ac
GET /consumers/me/memory                -         | un   un  un      ar    200      200      200   ac
PATCH /consumers/me/memory              -         | un   un  un      ar    200      200      200   ac
DELETE /consumers/me/memory             -         | un   un  un      ar    200      200      200   ac
GET /consumers/{user_id}/profile        own       | un   un  un      ar    200      200      200   ac
GET /consumers/{user_id}/profile        another's | un   un  un      ar    ny       ny       200   ac
GET /consumers/{user_id}/profile        unknown   | un   un  un      ar    ny       ny       ny    ac
PUT /consumers/{user_id}/profile        own       | un   un  un      ar    200      200      200   ac
PUT /consumers/{user_id}/profile        another's | un   un  un      ar    ny       ny       200   ac
PUT /consumers/{user_id}/profile        unknown   | un   un  un      ar    ny       ny       ny    ac
PATCH /consumers/{user_id}/location     own       | un   un  un      ar    200      200      200   ac
PATCH /consumers/{user_id}/location     another's | un   un  un      ar    ny       ny       200   ac
PATCH /consumers/{user_id}/location     unknown   | un   un  un      ar    ny       ny       ny    ac
GET /consumers/{user_id}/requests       own       | un   un  un      ar    200      200      200   ac
GET /consumers/{user_id}/requests       another's | un   un  un      ar    ny       ny       200   ac
GET /consumers/{user_id}/requests       unknown   | un   un  un      ar    ny       ny       ny    ac
";
