namespace WanTalk.Media.Networks;

/// <summary>
/// Runs a TFLite network of this assembly's resources. It knows the ten operations of MediaPipe's face networks and nothing more, which
/// spares a native library of a hundred megabytes, and gives the same numbers on every machine. Not safe for several threads at once.
/// </summary>
internal sealed class TfLiteNet
{
    private const byte PaddingSame = 0;
    private readonly TfLiteModel _model;
    private readonly Dictionary<int, Plane> _planes = [];
    private readonly Dictionary<int, int> _stored = [];
    private readonly List<Action> _steps = [];

    /// <param name="resource">The file's name in Models.</param>
    public TfLiteNet(string resource)
    {
        using var stream = typeof(TfLiteNet).Assembly.GetManifestResourceStream($"WanTalk.Media.Faces.Models.{resource}")
            ?? throw new InvalidOperationException($"The network {resource} is not in the assembly.");
        var file = new byte[stream.Length];
        stream.ReadExactly(file);
        _model = new TfLiteModel(file);
        PlaneOf(_model.Input);
        foreach (var step in _model.Steps)
            Prepare(step);
    }

    /// <summary>The numbers that the network takes: height x width x 3, to be filled before it runs.</summary>
    public Span<float> Input => _planes[_model.Input].Values.AsSpan(0, Size(_model.Input));

    /// <summary>Runs the network on its input.</summary>
    public void Run()
    {
        foreach (var step in _steps)
            step();
    }

    /// <summary>The numbers of the output that has this many of them, after a run.</summary>
    public float[] Output(int count) => _planes[_model.Outputs.Single(output => Size(output) == count)].Compact();

    private int Size(int tensor) => _model.Shapes[tensor].Aggregate(1, (product, side) => product * side);

    private void Prepare(TfLiteModel.Step step)
    {
        var (input, target) = (step.Inputs[0], step.Outputs[0]);
        if (step.Operation == TfLiteOperation.Dequantize)
        {
            // Weights are stored as 16-bit floats; they are widened when they are read.
            _stored[target] = input;
            return;
        }

        var output = PlaneOf(target);
        _steps.Add(step.Operation switch
        {
            TfLiteOperation.Conv2D => new Convolution(
                PlaneOf(input), output, Down(step, 1), Across(step, 2), Weights(step.Inputs[1]), Weights(step.Inputs[2])).Run,
            TfLiteOperation.DepthwiseConv2D => new DepthwiseConvolution(
                PlaneOf(input), output, Down(step, 1), Across(step, 2), Weights(step.Inputs[1]), Weights(step.Inputs[2])).Run,
            TfLiteOperation.MaxPool2D => MaxPool(step, output),
            TfLiteOperation.Add => () => PlaneOperations.Add(PlaneOf(input), PlaneOf(step.Inputs[1]), output),
            TfLiteOperation.Relu => () => PlaneOperations.Relu(PlaneOf(input), output),
            TfLiteOperation.PRelu => PRelu(step, output),
            TfLiteOperation.Pad => Widen(step, output),
            TfLiteOperation.Reshape => () => PlaneOf(input).Compact().CopyTo(output.Values.AsSpan()),
            TfLiteOperation.Concatenation => () => Join(step.Inputs, output),
            _ => throw new InvalidOperationException($"The network uses {step.Operation}, which is not known here."),
        });
    }

    private Window Down(TfLiteModel.Step step, int side) => WindowOf(step, side, 2);

    private Window Across(TfLiteModel.Step step, int side) => WindowOf(step, side, 1);

    /// <summary>The window of a convolution: its size is a side of the weights.</summary>
    private Window WindowOf(TfLiteModel.Step step, int side, int stepField) => Window.For(
        _model.Shapes[step.Inputs[1]][side],
        step.Options!.Value.Int(stepField),
        _model.Shapes[step.Inputs[0]][side],
        _model.Shapes[step.Outputs[0]][side],
        step.Options!.Value.Byte(0) == PaddingSame);

    private Action MaxPool(TfLiteModel.Step step, Plane output)
    {
        var (input, options) = (PlaneOf(step.Inputs[0]), step.Options!.Value);
        var isSame = options.Byte(0) == PaddingSame;
        var across = Window.For(options.Int(3), options.Int(1), input.Width, output.Width, isSame);
        var down = Window.For(options.Int(4), options.Int(2), input.Height, output.Height, isSame);
        return () => PlaneOperations.MaxPool(input, down, across, output);
    }

    private Action PRelu(TfLiteModel.Step step, Plane output)
    {
        var input = PlaneOf(step.Inputs[0]);
        var slopes = new float[input.Stride];
        Weights(step.Inputs[1]).CopyTo(slopes, 0);
        return () => PlaneOperations.PRelu(input, slopes, output);
    }

    private Action Widen(TfLiteModel.Step step, Plane output)
    {
        // Pairs of what is added before and after each side; only channels are ever added, behind the others.
        var added = _model.Integers(step.Inputs[1]);
        if (added.Take(7).Any(count => count != 0))
            throw new InvalidOperationException("The network pads more than channels, which is not known here.");
        var input = PlaneOf(step.Inputs[0]);
        return () => PlaneOperations.Widen(input, output);
    }

    private void Join(int[] inputs, Plane output)
    {
        var at = 0;
        foreach (var input in inputs)
        {
            PlaneOf(input).Values.AsSpan(0, Size(input)).CopyTo(output.Values.AsSpan(at));
            at += Size(input);
        }
    }

    private float[] Weights(int tensor) => _model.Floats(_stored.GetValueOrDefault(tensor, tensor));

    /// <summary>The plane of a tensor: pictures as they are, lists as one channel so that they have no spare numbers between.</summary>
    private Plane PlaneOf(int tensor)
    {
        if (!_planes.TryGetValue(tensor, out var plane))
        {
            var shape = _model.Shapes[tensor];
            plane = shape.Length == 4 ? new Plane(shape[1], shape[2], shape[3]) : new Plane(1, Size(tensor), 1);
            _planes[tensor] = plane;
        }

        return plane;
    }
}
