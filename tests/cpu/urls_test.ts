import { createCpuBackend } from "@unroll/backend-cpu";
import { assert, assertEquals } from "@std/assert";

/** Tracks blob: URLs that are created and not yet revoked. */
function watchUrls(): { urls: Set<string>; made: () => number; restore: () => void } {
  const { createObjectURL, revokeObjectURL } = URL;
  const urls = new Set<string>();
  let made = 0;
  URL.createObjectURL = (blob) => {
    const url = createObjectURL(blob);
    made++;
    urls.add(url);
    return url;
  };
  URL.revokeObjectURL = (url) => {
    urls.delete(url);
    revokeObjectURL(url);
  };
  const restore = () => void Object.assign(URL, { createObjectURL, revokeObjectURL });
  return { urls, made: () => made, restore };
}

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error("it did not come to pass in ten seconds");
    await new Promise((done) => setTimeout(done, 5));
  }
}

Deno.test("the URL of a thread's program is revoked once it has started", async () => {
  const { urls, made, restore } = watchUrls();
  try {
    using backend = createCpuBackend({ threads: 3 });
    const a = backend.zeros([300, 300]);
    backend.matmul(a, a);
    assertEquals([urls.size, made()], [2, 2]);
    await until(() => urls.size === 0);
    assertEquals(made(), 2);
  } finally {
    restore();
  }
});

Deno.test("a disposed backend ends its threads and leaves no URL", () => {
  const { urls, made, restore } = watchUrls();
  const { terminate } = Worker.prototype;
  let ended = 0;
  Worker.prototype.terminate = function () {
    ended++;
    terminate.call(this);
  };
  try {
    const backend = createCpuBackend({ threads: 3 });
    const a = backend.zeros([300, 300]);
    backend.matmul(a, a);
    assert(made() === 2);
    backend.dispose();
    assertEquals([urls.size, ended], [0, 2]);
  } finally {
    Worker.prototype.terminate = terminate;
    restore();
  }
});
