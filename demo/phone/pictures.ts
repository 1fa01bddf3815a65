/** A picture on the simulated phone. */
export interface PhonePicture {
  dataUrl: string
}

type Paint = (draw: CanvasRenderingContext2D, width: number, height: number) => void

const scenes: readonly Paint[] = [
  (draw, w, h) => {
    sky(draw, w, h, '#ff9a6b', '#ffd9a0')
    disc(draw, w * 0.68, h * 0.42, w * 0.12, '#fff3d6')
    hills(draw, w, h, 0.62, '#c65d57')
    hills(draw, w, h, 0.74, '#8c3f54')
    hills(draw, w, h, 0.86, '#4a2545')
  },
  (draw, w, h) => {
    sky(draw, w, h, '#7cc6fe', '#e4f6ff')
    disc(draw, w * 0.25, h * 0.25, w * 0.09, '#fffbe0')
    hills(draw, w, h, 0.6, '#7fb685')
    hills(draw, w, h, 0.72, '#4d9078')
    hills(draw, w, h, 0.84, '#2d5d5b')
  },
  (draw, w, h) => {
    sky(draw, w, h, '#0f1b3d', '#3a4f8f')
    for (let i = 0; i < 70; i += 1) disc(draw, (i * 97) % w, (i * 53) % (h * 0.6), 1 + (i % 3), '#ffffffcc')
    disc(draw, w * 0.75, h * 0.24, w * 0.07, '#fff7d1')
    hills(draw, w, h, 0.78, '#101735')
  },
  (draw, w, h) => {
    sky(draw, w, h, '#f6d5f7', '#fbe9d7')
    for (let i = 0; i < 9; i += 1)
      disc(
        draw,
        w * (0.12 + (i % 3) * 0.38),
        h * (0.16 + Math.floor(i / 3) * 0.34),
        w * 0.1,
        `hsl(${i * 40} 75% 70%)`,
      )
  },
  (draw, w, h) => {
    sky(draw, w, h, '#2b5876', '#4e4376')
    for (let i = 0; i < 12; i += 1) {
      draw.fillStyle = `hsl(${210 + i * 6} 45% ${22 + i * 2}%)`
      draw.fillRect((i * w) / 12, h * (0.3 + ((i * 37) % 40) / 100), w / 12 - 3, h)
    }
  },
  (draw, w, h) => {
    sky(draw, w, h, '#d9f5e5', '#b6e6cd')
    draw.fillStyle = '#07c160'
    draw.fillRect(w * 0.2, h * 0.24, w * 0.6, h * 0.52)
    draw.fillStyle = '#fff'
    draw.font = `600 ${Math.round(h * 0.16)}px system-ui, sans-serif`
    draw.textAlign = 'center'
    draw.textBaseline = 'middle'
    draw.fillText('H5', w / 2, h / 2)
  },
]

let album: PhonePicture[] | undefined

/** The pictures in the album, painted once. */
export function albumPictures(): PhonePicture[] {
  album ??= scenes.map((paint) => render(paint))
  return album
}

/** A fresh photo: the time it was taken, on a green wall. */
export function takePhoto(now: Date): PhonePicture {
  return render((draw, w, h) => {
    sky(draw, w, h, '#0aa657', '#067a45')
    draw.fillStyle = '#ffffff'
    draw.textAlign = 'center'
    draw.textBaseline = 'middle'
    draw.font = `300 ${Math.round(h * 0.2)}px system-ui, sans-serif`
    draw.fillText(now.toTimeString().slice(0, 8), w / 2, h / 2)
  })
}

function render(paint: Paint): PhonePicture {
  const canvas = document.createElement('canvas')
  canvas.width = 640
  canvas.height = 480
  const draw = canvas.getContext('2d')
  if (draw !== null) paint(draw, canvas.width, canvas.height)
  return { dataUrl: canvas.toDataURL('image/jpeg', 0.86) }
}

function sky(
  draw: CanvasRenderingContext2D,
  width: number,
  height: number,
  top: string,
  bottom: string,
): void {
  const gradient = draw.createLinearGradient(0, 0, 0, height)
  gradient.addColorStop(0, top)
  gradient.addColorStop(1, bottom)
  draw.fillStyle = gradient
  draw.fillRect(0, 0, width, height)
}

function disc(draw: CanvasRenderingContext2D, x: number, y: number, radius: number, colour: string): void {
  draw.fillStyle = colour
  draw.beginPath()
  draw.arc(x, y, radius, 0, Math.PI * 2)
  draw.fill()
}

function hills(
  draw: CanvasRenderingContext2D,
  width: number,
  height: number,
  level: number,
  colour: string,
): void {
  draw.fillStyle = colour
  draw.beginPath()
  draw.moveTo(0, height)
  for (let x = 0; x <= width; x += 8)
    draw.lineTo(x, height * level + Math.sin(x / 70 + level * 30) * 18 + Math.sin(x / 29 + level * 11) * 8)
  draw.lineTo(width, height)
  draw.fill()
}
