const sorts = ['rating', 'distance', 'price', 'newest'] as const;

/** A search for providers, as its form has it and as the address keeps it. Texts are empty where nothing is said. */
export interface ProviderSearch {
  q: string;
  category_id: string;
  service_id: string;
  city: string;
  /** Where to look around; in place of a city. */
  around: { lat: number; lng: number } | null;
  radius_km: string;
  min_rating: string;
  verified: boolean;
  sort: (typeof sorts)[number];
}

const DEFAULT_RADIUS = '25';

const texts = ['q', 'category_id', 'service_id', 'city', 'min_rating'] as const;

/** Reads a search from the address; what makes no sense there is left out. */
export function readSearch(params: URLSearchParams): ProviderSearch {
  const text = (name: (typeof texts)[number]) => params.get(name) ?? '';
  const [lat, lng] = [degrees(params.get('lat')), degrees(params.get('lng'))];
  const around = lat === null || lng === null ? null : { lat, lng };
  const sort = sorts.find((one) => one === params.get('sort')) ?? 'rating';
  return {
    q: text('q'),
    category_id: text('category_id'),
    service_id: text('service_id'),
    city: text('city'),
    around,
    radius_km: params.get('radius_km') ?? DEFAULT_RADIUS,
    min_rating: text('min_rating'),
    verified: params.get('verified') === 'true',
    sort: sort === 'distance' && around === null ? 'rating' : sort,
  };
}

/** Writes a search into the address, by the names of the API; only what is said. */
export function writeSearch(search: ProviderSearch): URLSearchParams {
  const params = new URLSearchParams();
  for (const name of texts) {
    const said = search[name].trim();
    if (said !== '') params.set(name, said);
  }
  if (search.around !== null) {
    params.set('lat', String(search.around.lat));
    params.set('lng', String(search.around.lng));
    params.set('radius_km', search.radius_km);
  }
  if (search.verified) params.set('verified', 'true');
  if (search.sort !== 'rating') params.set('sort', search.sort);
  return params;
}

/** The search as `GET /providers` takes it. */
export function queryOf(search: ProviderSearch) {
  const { around, radius_km, min_rating, verified, sort } = search;
  const said = Object.fromEntries(
    (['q', 'category_id', 'service_id', 'city'] as const)
      .map((name) => [name, search[name].trim()] as const)
      .filter(([, text]) => text !== ''),
  );
  return {
    ...said,
    ...(around === null ? {} : { ...around, radius_km: Number(radius_km) }),
    ...(min_rating === '' ? {} : { min_rating: Number(min_rating) }),
    ...(verified ? { verified } : {}),
    sort,
  };
}

function degrees(text: string | null): number | null {
  const number = Number(text);
  return text === null || text === '' || !Number.isFinite(number) ? null : number;
}
