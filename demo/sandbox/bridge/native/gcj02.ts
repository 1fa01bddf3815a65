const earthRadius = 6_378_245
const eccentricitySquared = 0.006_693_421_622_965_943

/**
 * Turns WGS-84 degrees into GCJ-02, the shifted system of maps in mainland China.
 *
 * Outside a box around China the coordinates stay as they are.
 */
export function toGcj02(place: { latitude: number; longitude: number }): {
  latitude: number
  longitude: number
} {
  const { latitude, longitude } = place
  if (longitude < 72.004 || longitude > 137.8347 || latitude < 0.8293 || latitude > 55.8271)
    return { latitude, longitude }
  const x = longitude - 105
  const y = latitude - 35
  const radians = (latitude / 180) * Math.PI
  const magic = 1 - eccentricitySquared * Math.sin(radians) ** 2
  const root = Math.sqrt(magic)
  const north =
    -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + waves(x) + tides(y)
  const east =
    300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + waves(x) + swell(x)
  const meridian = ((earthRadius * (1 - eccentricitySquared)) / (magic * root)) * Math.PI
  const parallel = (earthRadius / root) * Math.cos(radians) * Math.PI
  return { latitude: latitude + (north * 180) / meridian, longitude: longitude + (east * 180) / parallel }
}

function waves(x: number): number {
  return ((20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI)) * 2) / 3
}

function tides(y: number): number {
  return (
    ((20 * Math.sin(y * Math.PI) + 40 * Math.sin((y / 3) * Math.PI)) * 2) / 3 +
    ((160 * Math.sin((y / 12) * Math.PI) + 320 * Math.sin((y / 30) * Math.PI)) * 2) / 3
  )
}

function swell(x: number): number {
  return (
    ((20 * Math.sin(x * Math.PI) + 40 * Math.sin((x / 3) * Math.PI)) * 2) / 3 +
    ((150 * Math.sin((x / 12) * Math.PI) + 300 * Math.sin((x / 30) * Math.PI)) * 2) / 3
  )
}
