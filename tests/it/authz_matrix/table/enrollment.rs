pub const TABLE: &str = "
operation                                  whose     | none bad expired guest consumer provider admin suspended
POST /enrollment/start                     -         | un   un  un      ar    201      201      201   ac
GET /enrollment/mine                       own       | un   un  un      ar    200      200      200   ac
GET /enrollment/mine                       unknown   | un   un  un      ar    ny       ny       ny    ac
GET /enrollment/{enrollment_id}            own       | un   un  un      ar    200      200      200   ac
GET /enrollment/{enrollment_id}            another's | un   un  un      ar    ny       ny       200   ac
GET /enrollment/{enrollment_id}            unknown   | un   un  un      ar    ny       ny       ny    ac
PATCH /enrollment/{enrollment_id}          own       | un   un  un      ar    200      200      200   ac
PATCH /enrollment/{enrollment_id}          own-waiting | un un  un      ar    im       im       im    ac
PATCH /enrollment/{enrollment_id}          another's | un   un  un      ar    ny       ny       200   ac
PATCH /enrollment/{enrollment_id}          unknown   | un   un  un      ar    ny       ny       ny    ac
DELETE /enrollment/{enrollment_id}         own       | un   un  un      ar    204      204      204   ac
DELETE /enrollment/{enrollment_id}         own-waiting | un un  un      ar    im       im       im    ac
DELETE /enrollment/{enrollment_id}         another's | un   un  un      ar    ny       ny       204   ac
DELETE /enrollment/{enrollment_id}         unknown   | un   un  un      ar    ny       ny       ny    ac
POST /enrollment/{enrollment_id}/submit    own       | un   un  un      ar    200      200      200   ac
POST /enrollment/{enrollment_id}/submit    another's | un   un  un      ar    ny       ny       200   ac
POST /enrollment/{enrollment_id}/submit    unknown   | un   un  un      ar    ny       ny       ny    ac
GET /enrollment                            -         | un   un  un      ar    wr       wr       200   ac
POST /enrollment/{enrollment_id}/approve   own-waiting | un un  un      ar    wr       wr       200   ac
POST /enrollment/{enrollment_id}/approve   another's | un   un  un      ar    wr       wr       im    ac
POST /enrollment/{enrollment_id}/approve   another's-waiting | un un un ar    wr       wr       200   ac
POST /enrollment/{enrollment_id}/approve   unknown   | un   un  un      ar    wr       wr       ny    ac
POST /enrollment/{enrollment_id}/reject    own-waiting | un un  un      ar    wr       wr       200   ac
POST /enrollment/{enrollment_id}/reject    another's | un   un  un      ar    wr       wr       im    ac
POST /enrollment/{enrollment_id}/reject    another's-waiting | un un un ar    wr       wr       200   ac
POST /enrollment/{enrollment_id}/reject    unknown   | un   un  un      ar    wr       wr       ny    ac
PUT /admin/providers/{provider_id}/status  own       | un   un  un      ar    wr       wr       200   ac
PUT /admin/providers/{provider_id}/status  another's | un   un  un      ar    wr       wr       200   ac
PUT /admin/providers/{provider_id}/status  unknown   | un   un  un      ar    wr       wr       nf    ac
PUT /admin/providers/{provider_id}/services/{service_id}/verify own       | un un un ar wr wr 200 ac
PUT /admin/providers/{provider_id}/services/{service_id}/verify another's | un un un ar wr wr 200 ac
PUT /admin/providers/{provider_id}/services/{service_id}/verify unknown   | un un un ar wr wr nf  ac
";
