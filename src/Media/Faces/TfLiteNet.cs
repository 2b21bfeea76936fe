using OpenCvSharp;
using OpenCvSharp.Dnn;

namespace WanTalk.Media.Faces;

/// <summary>A TFLite network from this assembly's resources, run by OpenCV on one thread. Not safe for use by several threads at once.</summary>
internal sealed class TfLiteNet : IDisposable
{
    private readonly Net _net;
    private readonly string[] _outputs;
    private readonly int _size;

    /// <param name="resource">The file's name in Models.</param>
    /// <param name="size">Side of the square picture that the network takes.</param>
    /// <param name="outputs">The outputs to read, in this order.</param>
    public TfLiteNet(string resource, int size, params string[] outputs)
    {
        (_size, _outputs) = (size, outputs);
        using var model = typeof(TfLiteNet).Assembly.GetManifestResourceStream($"WanTalk.Media.Faces.Models.{resource}")
            ?? throw new InvalidOperationException($"The network {resource} is not in the assembly.");
        // OpenCV reads TFLite from a path only.
        var path = Path.Combine(Path.GetTempPath(), $"wantalk-{Guid.NewGuid():n}.tflite");
        try
        {
            using (var file = File.Create(path))
                model.CopyTo(file);
            _net = CvDnn.ReadNet(path, "", "tflite") ?? throw new InvalidOperationException($"OpenCV cannot read the network {resource}.");
        }
        finally
        {
            File.Delete(path);
        }

        Cv2.SetNumThreads(1);
    }

    /// <summary>Runs the network on a picture (size x size x 3, R G B) and gives each output's numbers.</summary>
    public float[][] Run(float[] picture)
    {
        using var image = Mat.FromPixelData(_size, _size, MatType.CV_32FC3, picture);
        using var blob = CvDnn.BlobFromImage(image, 1, new Size(_size, _size), default, false, false)
            ?? throw new InvalidOperationException("OpenCV made no input for the network.");
        _net.SetInput(blob);
        var mats = _outputs.Select(_ => new Mat()).ToArray();
        try
        {
            _net.Forward(mats, _outputs);
            return [.. mats.Select(Numbers)];
        }
        finally
        {
            foreach (var mat in mats)
                mat.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _net.Dispose();

    private static float[] Numbers(Mat mat)
    {
        using var row = mat.Reshape(1, 1);
        row.GetArray(out float[] numbers);
        return numbers;
    }
}
