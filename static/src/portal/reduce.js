/** A photo is made smaller before it is sent: Odoo keeps no larger one anyway. */
const LONGEST_SIDE = 1920;
const SMALL_ENOUGH = 700_000;
const QUALITY = 0.85;

/**
 * Return a smaller copy of a photo, or the file itself: a PDF, a small photo, or one that
 * the browser cannot open (the server takes HEIC as it is).
 *
 * @param {File} file
 * @returns {Promise<File>}
 */
export async function reduce(file) {
    if (!file.type.startsWith("image/") || file.size <= SMALL_ENOUGH) {
        return file;
    }
    try {
        const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
        const smaller = await draw(picture);
        picture.close();
        return smaller && smaller.size < file.size
            ? new File([smaller], rename(file.name), { type: smaller.type })
            : file;
    } catch {
        return file;
    }
}

function draw(picture) {
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const brush = canvas.getContext("2d");
    // What is transparent in the photo would be black in JPEG.
    brush.fillStyle = "white";
    brush.fillRect(0, 0, canvas.width, canvas.height);
    brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}

function rename(name) {
    return `${name.replace(/\.[^.]*$/, "")}.jpg`;
}
