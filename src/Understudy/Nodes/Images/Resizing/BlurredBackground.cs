using WanTalk.Media.Pictures;

namespace WanTalk.Understudy.Nodes.Images.Resizing;

/// <summary>What pillarbox_blur puts behind a picture: the picture itself, filling the frame, blurred, paler and much darker.</summary>
internal static class BlurredBackground
{
    private const float Paleness = 0.2f;
    private const float Brightness = 0.35f;

    public static RgbImage Of(RgbImage inner, int width, int height)
    {
        var scale = Math.Max((double)width / inner.Width, (double)height / inner.Height);
        var (wide, high) = (Math.Max(width, (int)Math.Round(inner.Width * scale)), Math.Max(height, (int)Math.Round(inner.Height * scale)));
        var filled = Resampler.Resize(inner, PicturePart.AllOf(inner), wide, high, "bilinear");
        var middle = new PicturePart((wide - width) / 2, (high - height) / 2, width, height);
        var blurred = Blur(filled, middle, Math.Max(1, 0.006 * Math.Min(width, height)));
        var pixels = new byte[3 * width * height];
        for (var i = 0; i < pixels.Length; i += 3)
        {
            var grey = (0.2126f * blurred[i]) + (0.7152f * blurred[i + 1]) + (0.0722f * blurred[i + 2]);
            for (var channel = i; channel < i + 3; channel++)
                pixels[channel] = (byte)Math.Clamp((((blurred[channel] * (1 - Paleness)) + (grey * Paleness)) * Brightness) + 0.5f, 0, 255);
        }
        return new RgbImage(width, height, pixels);
    }

    /// <summary>Gaussian, three sigma wide; outside is black, as in the real one.</summary>
    private static float[] Blur(RgbImage picture, PicturePart part, double sigma)
    {
        var radius = Math.Max(1, (int)(3 * sigma));
        var weights = Enumerable.Range(-radius, (2 * radius) + 1).Select(x => Math.Exp(-(x * x) / (2 * sigma * sigma))).ToArray();
        var sum = weights.Sum();
        var kernel = weights.Select(weight => (float)(weight / sum)).ToArray();
        var (width, height) = (part.Width, part.Height);
        var across = new float[3 * width * height];
        var result = new float[across.Length];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                for (var i = Math.Max(-radius, -x); i <= Math.Min(radius, width - 1 - x); i++)
                {
                    var from = 3 * (((part.Top + y) * picture.Width) + part.Left + x + i);
                    for (var channel = 0; channel < 3; channel++)
                        across[(3 * ((y * width) + x)) + channel] += kernel[i + radius] * picture.Pixels[from + channel];
                }
            }
        }
        for (var y = 0; y < height; y++)
        {
            for (var i = Math.Max(-radius, -y); i <= Math.Min(radius, height - 1 - y); i++)
            {
                for (var x = 0; x < 3 * width; x++)
                    result[(3 * y * width) + x] += kernel[i + radius] * across[(3 * (y + i) * width) + x];
            }
        }
        return result;
    }
}
