// What counts in a picture: warm where the pixels speak for the item, cool where against it.
import { post } from './api.js';
import { h } from './dom.js';

const FOR = [255, 132, 0];
const AGAINST = [0, 120, 255];
const STRONGEST = 215;
const SIDE = 320;

/** A drawing of the values over a picture of its size. */
function drawn({ width, height, values }, picture) {
  const small = h('canvas', { width, height });
  const pixels = small.getContext('2d').createImageData(width, height);
  const largest = Math.max(...values.map(Math.abs), 1e-12);
  values.forEach((value, place) => {
    const [r, g, b] = value >= 0 ? FOR : AGAINST;
    pixels.data.set([r, g, b, (STRONGEST * Math.abs(value)) / largest], 4 * place);
  });
  small.getContext('2d').putImageData(pixels, 0, 0);
  const scale = SIDE / Math.max(picture.naturalWidth, picture.naturalHeight, 1);
  const canvas = h('canvas', {
    width: Math.max(1, Math.round(picture.naturalWidth * scale)),
    height: Math.max(1, Math.round(picture.naturalHeight * scale)),
    class: 'saliency',
  });
  canvas.getContext('2d').drawImage(small, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** A button that lays the map over the cover of an item, and takes it away again. */
export function saliencyButton(coverBox, question) {
  const hint = h('p', { class: 'muted hint', role: 'status' });
  let map = null;
  let shown = null;
  let asking = false;
  const button = h('button', { type: 'button', 'aria-pressed': 'false', onclick: toggle }, 'What counts in the picture');

  async function toggle() {
    if (asking) {
      return;
    }
    if (shown) {
      shown.remove();
      shown = null;
      hint.textContent = '';
    } else {
      asking = true; // a disabled button would lose the focus
      try {
        map ??= await post('v1/saliency', question);
        const picture = coverBox.querySelector('img');
        await picture.decode();
        shown = drawn(map, picture);
        coverBox.append(shown);
        hint.textContent = map.values.some((value) => value < 0) ? 'Orange speaks for it, blue against it.' : 'Orange speaks for it.';
      } catch (error) {
        hint.textContent = error.message;
      } finally {
        asking = false;
      }
    }
    button.setAttribute('aria-pressed', String(Boolean(shown)));
  }

  return [button, hint];
}
