pub const TABLE: &str = "
operation                                  whose   | none bad expired guest consumer provider admin suspended
GET /services/catalog                      -       | 200  un  un      200   200      200      200   ac
GET /services/catalog/full                 -       | 200  un  un      200   200      200      200   ac
GET /services/catalog/{category_id}        own     | 200  un  un      200   200      200      200   ac
GET /services/catalog/{category_id}        unknown | nf   un  un      nf    nf       nf       nf    ac
PUT /services/catalog/{category_id}        own     | un   un  un      ar    wr       wr       200   ac
PUT /services/catalog/{category_id}        unknown | un   un  un      ar    wr       wr       201   ac
DELETE /services/catalog/{category_id}     own     | un   un  un      ar    wr       wr       204   ac
DELETE /services/catalog/{category_id}     own-offered | un un un     ar    wr       wr       im    ac
DELETE /services/catalog/{category_id}     unknown | un   un  un      ar    wr       wr       nf    ac
GET /services/services/{service_id}        own     | 200  un  un      200   200      200      200   ac
GET /services/services/{service_id}        unknown | nf   un  un      nf    nf       nf       nf    ac
PUT /services/services/{service_id}        own     | un   un  un      ar    wr       wr       200   ac
PUT /services/services/{service_id}        unknown | un   un  un      ar    wr       wr       201   ac
DELETE /services/services/{service_id}     own     | un   un  un      ar    wr       wr       204   ac
DELETE /services/services/{service_id}     unknown | un   un  un      ar    wr       wr       nf    ac
";
