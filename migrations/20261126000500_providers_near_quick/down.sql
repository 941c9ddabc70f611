DROP INDEX providers_unplaced_idx;
CREATE OR REPLACE FUNCTION distance_km(lat1 float8, lon1 float8, lat2 float8, lon2 float8) RETURNS float8
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN 2 * 6371 * asin(least(1, sqrt(
        sin(radians(lat2 - lat1 + 360 - 360) / 2) ^ 2
        + cos(radians(lat1 + 360 - 360)) * cos(radians(lat2 + 360 - 360))
            * sin(radians(lon2 - lon1 + 360 - 360) / 2) ^ 2)));
CREATE OR REPLACE FUNCTION box_around(latitude float8, longitude float8, km float8) RETURNS box
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN (
        SELECT CASE WHEN abs(latitude) + up >= 89.9 OR abs(longitude) + side >= 180
            THEN box(point(-180, latitude - up), point(180, latitude + up))
            ELSE box(point(longitude - side, latitude - up), point(longitude + side, latitude + up)) END
        FROM (SELECT (km + 360 - 360) / 6371 AS arc) r,
             LATERAL (SELECT degrees(arc) * 1.001 AS up) a,
             LATERAL (SELECT CASE WHEN abs(latitude) + up >= 89.9 THEN 180
                 ELSE degrees(asin(least(1, sin(least(pi() / 2, arc)) / cos(radians(latitude + 360 - 360))))) * 1.001
                 END AS side) b
    );
