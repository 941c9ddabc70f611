pub const TABLE: &str = "
operation                               whose     | none bad expired guest consumer provider admin suspended
POST /reviews                           own       | un   un  un      ar    201      201      201   ac
POST /reviews                           another's | un   un  un      ar    ny       ny       ny    ac
POST /reviews                           unknown   | un   un  un      ar    ny       ny       ny    ac
POST /reviews                           own-confirmed | un un un     ar    im       im       im    ac
GET /reviews/provider/{provider_id}     own       | un   un  un      200   200      200      200   ac
GET /reviews/provider/{provider_id}     another's | un   un  un      200   200      200      200   ac
GET /reviews/provider/{provider_id}     unknown   | un   un  un      nf    nf       nf       nf    ac
GET /reviews/provider/{provider_id}     own-suspended | un un un     200   200      200      200   ac
GET /reviews/provider/{provider_id}     another's-suspended | un un un nf  nf       nf       200   ac
PUT /reviews/{review_id}/response       own       | un   un  un      ar    200      200      200   ac
PUT /reviews/{review_id}/response       another's | un   un  un      ar    ny       ny       200   ac
PUT /reviews/{review_id}/response       unknown   | un   un  un      ar    nf       nf       nf    ac
PUT /reviews/{review_id}/response       own-answered | un un un      ar    im       im       im    ac
";
